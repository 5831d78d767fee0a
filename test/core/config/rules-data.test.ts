import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: what is promised about the data can be kept on an ordinary day, and where nobody could know it, that is said.
 */

const AT = 'workloads.petclinic';
const parsed = (data: unknown) => parseConfig(dataWithWorkload({ data }));
const problems = (data: unknown): readonly string[] => problemsOf(() => parsed(data));
const warnings = (data: unknown): readonly string[] => {
  const made = new Set(warningsOf(parseConfig(dataWith())));
  return warningsOf(parsed(data)).filter((warning) => !made.has(warning));
};
const ship = (more: object = {}) => ({ mode: 'ship', account: 'petclinicbackups', ...more });
const dump = (more: object = {}) => ({ mode: 'dump', account: 'petclinicbackups', ...more });

describe('how the data get to the standby', () => {
  it('is the log, a dump a day and 300 s of loss, where only the account is named', () => {
    expect(workloadOf(parsed(ship()), 'petclinic').data).toEqual({
      mode: 'ship',
      account: 'petclinicbackups',
      shipEverySeconds: 10,
      dumpEveryMinutes: 1440,
      maxLossSeconds: 300,
      handoverSeconds: 600,
    });
  });

  it('is a dump a day and 26 hours of loss, where there is no log', () => {
    expect(workloadOf(parsed(dump()), 'petclinic').data).toEqual({
      mode: 'dump',
      account: 'petclinicbackups',
      dumpEveryMinutes: 1440,
      maxLossSeconds: 93_600,
      handoverSeconds: 600,
    });
  });

  it('is not known where nothing is said of it', () => {
    expect(workloadOf(parsed(undefined), 'petclinic').data).toEqual({ mode: 'none' });
  });

  it.each([
    [{ mode: 'mirror' }, 'data.mode: got "mirror"'],
    [{ mode: 'ship' }, 'data.account: '],
    [ship({ account: 'Petclinic' }), 'data.account: got "Petclinic", expected the name of a storage account'],
    [ship({ shipEverySeconds: 1 }), 'data.shipEverySeconds: got 1'],
    [ship({ shipEverySeconds: 31 }), 'data.shipEverySeconds: got 31'],
    [ship({ handoverSeconds: 781 }), 'data.handoverSeconds: got 781'],
    [dump({ shipEverySeconds: 10 }), 'data'],
    [{ mode: 'none', account: 'petclinicbackups' }, 'data'],
    [{ mode: 'none', probe: { url: 'http://lag.petclinic.example.com' } }, 'data.probe.url: '],
    [{ mode: 'none', probe: { url: 'https://me:secret@lag.example.com/' } }, 'data.probe.url: '],
  ])('is refused as %j', (data, problem) => {
    expect(problems(data)).toEqual([expect.stringContaining(`${AT}.${problem}`)]);
  });
});

describe('the loss that needs no question', () => {
  it('is at least three rounds of the shipper', () => {
    expect(() => parsed(ship({ shipEverySeconds: 20, maxLossSeconds: 60 }))).not.toThrow();
    expect(problems(ship({ shipEverySeconds: 20, maxLossSeconds: 59 }))).toEqual([
      `${AT}.data.maxLossSeconds: got 59, expected at least 60: 3 times shipEverySeconds are lost on an ordinary day`,
    ]);
  });

  it('is at least the time between two dumps and an hour', () => {
    expect(() => parsed(dump({ dumpEveryMinutes: 60, maxLossSeconds: 7_200 }))).not.toThrow();
    expect(problems(dump({ dumpEveryMinutes: 60, maxLossSeconds: 7_199 }))).toEqual([
      `${AT}.data.maxLossSeconds: got 7199, expected at least 7200: dumpEveryMinutes and an hour are lost on an ordinary day`,
    ]);
  });

  it('is warned of where hours of a dead shipper would be no reason to ask', () => {
    expect(warnings(ship({ maxLossSeconds: 3_600 }))).toEqual([]);
    expect(warnings(ship({ maxLossSeconds: 3_601 }))).toEqual([
      `${AT}.data.maxLossSeconds: got 3601: a shipper that is dead for so long is no reason to ask. Safer: 3600 or less`,
    ]);
  });
});

describe('data that somebody else brings', () => {
  it('are warned of where nobody tells how old they are', () => {
    expect(warnings({ mode: 'none', probe: { url: 'https://lag.standby.acme.org/lag' } })).toEqual([]);
    expect(warnings({ mode: 'none' })).toEqual([
      `${AT}.data: got mode "none" without probe: nobody knows what a failover would lose. Safer: mode ship, or the URL of a probe`,
    ]);
  });

  it.each(['https://petclinic.example.com/lag', 'https://alb.petclinic.example.com/lag'])(
    'are warned of where %s, which tells it, dies with the primary',
    (url) => {
      expect(warnings({ mode: 'none', probe: { url } })).toEqual([
        `${AT}.data.probe.url: got "${url}": it dies with the primary, and then nobody knows what a failover would lose. ` +
          'Safer: an address of the standby’s side',
      ]);
    },
  );
});

it('a log that takes days to replay is warned of', () => {
  expect(warnings(ship({ dumpEveryMinutes: 2_880 }))).toEqual([]);
  expect(warnings(ship({ dumpEveryMinutes: 2_881 }))).toEqual([
    `${AT}.data.dumpEveryMinutes: got 2881: so long a log has to be replayed after the dump, while users wait. Safer: 1440`,
  ]);
});
