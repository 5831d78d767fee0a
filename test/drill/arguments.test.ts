import { readArguments } from '../../drill/arguments.ts';

const problemsOf = (...argv: string[]): string[] => {
  const read = readArguments(argv);
  if (!('problems' in read)) throw new Error(`accepted ${argv.join(' ')}`);
  return read.problems;
};

const ALL =
  '--scenario, --seed, --config, --harm, --table, --seeds, --minutes, --fast, --json, --list, --help';

describe('readArguments', () => {
  it('has a default for everything but the scenario, which follows the configuration', () => {
    expect(readArguments([])).toEqual({
      seed: 1,
      seeds: [1],
      minutes: 60,
      harm: false,
      table: false,
      config: 'pilotlight.config.yaml',
      fast: false,
      json: false,
      list: false,
      help: false,
    });
  });

  it('reads every option', () => {
    const argv =
      '--scenario standby-sick --seed 7 --config other.yaml --harm --table --seeds 3-5 --minutes 30 --fast --json --list --help';
    expect(readArguments(argv.split(' '))).toEqual({
      scenario: 'standby-sick',
      seed: 7,
      seeds: [3, 4, 5],
      minutes: 30,
      harm: true,
      table: true,
      config: 'other.yaml',
      fast: true,
      json: true,
      list: true,
      help: true,
    });
  });

  it('takes a value after an equals sign, even one that begins with a dash', () => {
    expect(readArguments(['--seed=12', '--config=-odd.yaml'])).toMatchObject({
      seed: 12,
      config: '-odd.yaml',
    });
  });

  it('takes the last of an option that is given twice', () => {
    expect(readArguments(['--seed', '1', '--seed', '2'])).toMatchObject({ seed: 2 });
  });

  it.each([
    ['0', 0],
    ['4294967295', 4_294_967_295],
    ['007', 7],
  ])('takes the seed %s', (text, seed) => {
    expect(readArguments(['--seed', text])).toMatchObject({ seed });
  });

  it.each(['5', '5-3', '1-2000', '1-', 'a-b', '1-4294967296'])('refuses the seeds "%s"', (text) => {
    expect(problemsOf(`--seeds=${text}`)).toEqual([
      `--seeds: got "${text}", expected a range such as 1-5, of at most 1000`,
    ]);
  });

  it.each(['0', '1441', '1.5', 'an hour'])('refuses %s minutes', (text) => {
    expect(problemsOf(`--minutes=${text}`)).toEqual([
      `--minutes: got "${text}", expected a whole number from 1 to 1440`,
    ]);
  });

  it.each(['4294967296', '99999999999999999999', '1.5', '1e3', '0x10', 'one', ' 1', ''])(
    'refuses the seed "%s"',
    (text) => {
      expect(problemsOf(`--seed=${text}`)).toEqual([
        `--seed: got "${text}", expected a whole number from 0 to 4294967295`,
      ]);
    },
  );

  it('refuses a negative seed, however it is written', () => {
    expect(problemsOf('--seed=-1')).toEqual([
      '--seed: got "-1", expected a whole number from 0 to 4294967295',
    ]);
    expect(problemsOf('--seed', '-1')).toEqual([
      '--seed: got "-1", expected a value; write --seed=-1 if that is the value',
    ]);
  });

  it('refuses an option that it does not know', () => {
    expect(problemsOf('--sed')).toEqual([
      `got the unknown option --sed, expected one of ${ALL}; did you mean "--seed"?`,
    ]);
    expect(problemsOf('-f')).toEqual([`got the unknown option -f, expected one of ${ALL}`]);
    expect(problemsOf('--constructor')).toEqual([
      `got the unknown option --constructor, expected one of ${ALL}`,
    ]);
  });

  it('refuses a word that is no option', () => {
    expect(problemsOf('region-outage')).toEqual([`got "region-outage", expected an option: ${ALL}`]);
    expect(problemsOf('--', '--fast')).toEqual([`got "--fast", expected an option: ${ALL}`]);
  });

  it('refuses a value where none is taken', () => {
    expect(problemsOf('--fast=yes')).toEqual(['--fast: got the value "yes", expected none']);
  });

  it('refuses an option without its value, at the end and before another option', () => {
    expect(problemsOf('--scenario')).toEqual(['--scenario: got nothing, expected a value']);
    expect(problemsOf('--config', '--fast')).toEqual([
      '--config: got "--fast", expected a value; write --config=--fast if that is the value',
    ]);
  });

  it('names every problem at once', () => {
    expect(problemsOf('--sed=3', '--seed', 'x', '--json=1', '--config')).toEqual([
      `got the unknown option --sed, expected one of ${ALL}; did you mean "--seed"?`,
      '--seed: got "x", expected a whole number from 0 to 4294967295',
      '--json: got the value "1", expected none',
      '--config: got nothing, expected a value',
    ]);
  });
});
