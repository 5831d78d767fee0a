import { carryBench as bench, second } from './carry-bench.ts';
import { configWith, refusalOf } from './fixture.ts';
import { unavailable } from './helpers.ts';
import { homeRun, MemoryHome } from './home-helpers.ts';

/*
 * Goal: a site that brings its data home itself goes home once it says that nothing is missing there, or by a person's word.
 */

describe('carry-home: a site that brings its data home itself', () => {
  const even = { what: 'even' } as const;
  const own = (probe: object | undefined) =>
    configWith((shop) => {
      Object.assign(shop, { data: { mode: 'none', ...(probe === undefined ? {} : { probe }) } });
    });
  const told = own({ url: 'https://shop.example.com/lag', homeUrl: 'https://shop.example.com/home-lag' });
  /** Says one figure after the other, the last one again and again. */
  const lags = (...seconds: (number | Error)[]) => {
    const asked: string[] = [];
    const read = async (url: string) => {
      asked.push(url);
      const next = seconds.length > 1 ? seconds.shift() : seconds[0];
      if (next instanceof Error) throw next;
      return next ?? 0;
    };
    return { asked, read };
  };

  it('is at home once it says twice in a row that nothing is missing there', async () => {
    const lag = lags(3, 0, 1, unavailable('the probe'), 0, 0);
    const at = bench(new MemoryHome(), told, lag);
    expect(await at.carry(even, { behindThePage: true })).toEqual({
      ...{ state: 'done', equal: true, seconds: 10, result: { what: 'even' } },
    });
    expect(new Set(lag.asked)).toEqual(new Set(['https://shop.example.com/home-lag']));
  });

  it('is not at home where something stays missing', async () => {
    const at = bench(new MemoryHome(), told, lags(5));
    const refusal = await refusalOf(at.carry(even, { behindThePage: true }));
    expect(refusal.name).toBe('LastDataNotApplied');
    expect(refusal.message).toBe(
      'The own replication was not even within 60 s (it says 5 s behind), expected 0 from https://shop.example.com/home-lag. ' +
        'Look at the replication, then begin again: pilotlight failback shop --reason ...',
    );
    expect(second(at.clock)).toBe(60);
  });

  it('is at home by the word of a person, whatever could be asked', async () => {
    const run = { ...homeRun, dataIsHome: true };
    for (const config of [own(undefined), told]) {
      const lag = lags(new Error('nobody asks the probe'));
      expect(await bench(new MemoryHome(), config, lag).carry(even, { run })).toMatchObject({
        ...{ state: 'done', equal: true, seconds: 0 },
      });
      expect(lag.asked).toEqual([]);
    }
  });

  it('is asked nothing in a rehearsal on paper', async () => {
    const lag = lags(new Error('nobody asks the probe'));
    const at = bench(new MemoryHome(), told, lag);
    expect(await at.carry(even, { run: { ...homeRun, dryRun: true } })).toMatchObject({ equal: true });
    expect([lag.asked, at.ledger.renewals]).toEqual([[], []]);
  });

  it('is not brought home by a word that nobody gave', async () => {
    expect((await refusalOf(bench(new MemoryHome(), own(undefined)).carry(even))).name).toBe('DataNotHome');
  });
});
