import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: an alarm that a site has already is named once, starts the run of one workload, and is warned of where all of them
 * die with the primary.
 */

const AT = 'workloads.petclinic';
const HERE = 'ap-northeast-2';
const own = (change: Record<string, unknown> = {}) => ({ region: 'eu-west-1', name: 'site-down', ...change });
const withAlarms = (...alarms: readonly unknown[]) => dataWithWorkload({ 'detection.alarms': alarms });
const problems = (data: Record<string, unknown>): readonly string[] => problemsOf(() => parseConfig(data));
const accepts = (data: Record<string, unknown>): void => {
  expect(() => parseConfig(data)).not.toThrow();
};

describe('an alarm of a site’s own', () => {
  it('sees the primary, starts a run and counts in the quorum where nothing else is said', () => {
    const { detection } = workloadOf(parseConfig(withAlarms(own())), 'petclinic');
    expect(detection.alarms).toEqual([
      { region: 'eu-west-1', name: 'site-down', about: 'primary', use: ['trigger', 'signal'] },
    ]);
  });

  it('needs no mention: a site has none by itself', () => {
    expect(workloadOf(parseConfig(dataWith()), 'petclinic').detection.alarms).toEqual([]);
  });

  it.each([
    [{ name: 'x'.repeat(255) }, { name: 'x'.repeat(256) }, 'name: got "'],
    [{ name: 'x' }, { name: '' }, 'name: got "", expected string to have >=1 characters'],
    [
      { name: 'my-pilotlight' },
      { name: 'pilotlight-shop-watch' },
      'name: got "pilotlight-shop-watch", expected an alarm of your own: those of Pilotlight are known already',
    ],
    [{ about: 'edge' }, { about: 'standby' }, 'about: got "standby", expected one of "primary"|"edge"'],
    [{ use: ['signal'] }, { use: [] }, 'use: got [], expected array to have >=1 items'],
    [
      { use: ['signal', 'trigger'] },
      { use: ['signal', 'signal'] },
      'use: got ["signal","signal"], expected each use once',
    ],
    [{ region: 'us-west-2' }, { region: 'moon-1' }, 'region: got "moon-1"'],
  ])('may say %j, and not %j', (right, wrong, problem) => {
    accepts(withAlarms(own(right)));
    const found = problems(withAlarms(own(wrong)));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${AT}.detection.alarms.0.${problem}`);
  });

  it('is one of twenty at most', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => own({ name: `alarm-${n}` }));
    accepts(withAlarms(...many(20)));
    expect(problems(withAlarms(...many(21)))).toHaveLength(1);
  });

  it('is named once; in another Region it is another one', () => {
    accepts(withAlarms(own(), own({ region: 'us-west-2' })));
    expect(problems(withAlarms(own(), own()))).toEqual([
      `${AT}.detection.alarms.1: got "site-down" in eu-west-1 twice, expected each alarm once`,
    ]);
  });
});

describe('an alarm that two workloads name', () => {
  const both = (first: readonly string[], second: readonly string[]) => {
    const { petclinic } = dataWith()['workloads'] as Record<string, Record<string, unknown>>;
    return dataWith({
      'workloads.petclinic.detection.alarms': [own({ use: first })],
      'workloads.shop': {
        ...petclinic,
        url: 'https://shop.example.com',
        detection: { alarms: [own({ use: second })] },
        edge: {
          distributionId: 'E2EXAMPLE1SHOP',
          keyValueStoreArn:
            'arn:aws:cloudfront::111122223333:key-value-store/b1b2c3d4-5678-4abc-8def-1234567890ab',
        },
      },
    });
  };

  it('may start the run of one, and be a signal of both', () => {
    accepts(both(['trigger', 'signal'], ['signal']));
    accepts(both(['signal'], ['trigger']));
    expect(problems(both(['trigger'], ['signal', 'trigger']))).toEqual([
      'workloads.shop.detection.alarms.0.use: got a trigger that is one of workload petclinic too, expected signal alone: ' +
        'one alarm starts the run of one workload',
    ]);
  });
});

describe('the alarms of a site’s own that all live beside the primary', () => {
  const told = (...alarms: readonly unknown[]): readonly string[] =>
    warningsOf(parseConfig(withAlarms(...alarms))).filter((warning) => warning.includes('detection.alarms'));

  it('are warned of, and one elsewhere is enough', () => {
    const here = [own({ region: HERE }), own({ region: HERE, name: 'db-down' })];
    expect(told(...here)).toEqual([
      `${AT}.detection.alarms: got "site-down", "db-down": all live in ap-northeast-2, so none rings when the whole ` +
        'Region dies. Safer: one in another Region beside them; those of Pilotlight ring in any case',
    ]);
    expect(told(...here, own())).toEqual([]);
    expect(told()).toEqual([]);
  });
});

describe('a health check of Route 53', () => {
  it.each(['tcp', 'https', 'https-fast'])('may be %s', (healthCheck) => {
    const config = parseConfig(dataWithWorkload({ 'detection.healthCheck': healthCheck }));
    expect(workloadOf(config, 'petclinic').detection.healthCheck).toBe(healthCheck);
  });

  it('only connects where nothing is said, and is no other', () => {
    expect(workloadOf(parseConfig(dataWith()), 'petclinic').detection.healthCheck).toBe('tcp');
    expect(problems(dataWithWorkload({ 'detection.healthCheck': 'http' }))).toEqual([
      `${AT}.detection.healthCheck: got "http", expected one of "tcp"|"https"|"https-fast"; did you mean "https"?`,
    ]);
  });
});
