import { configWith, run, START } from './fixture.ts';
import { bad, goodFrom, type Sight } from './helpers.ts';

import { bench, past, watch } from './confirm-outage-bench.ts';

describe('confirm-outage: watching a primary that users left', () => {
  it('sees in one round that the primary is still down, and asks no alarm', async () => {
    const at = bench({}, () => bad, { memories: past(300, 20) });
    expect(await watch(at)).toMatchObject({
      recovered: false,
      trial: false,
      down: true,
      decidedAt: '2026-03-02T10:00:00.000Z',
    });
  });

  it('lets users home on trial after some seconds of good looks, where the primary was cleanly gone', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300, 20) });
    expect(await watch(at)).toMatchObject({
      recovered: false,
      trial: true,
      decidedAt: '2026-03-02T10:00:08.000Z',
      summary: 'the primary is good for 8 s (60 needed)',
    });
  });

  it('gives the trial up for now with one bad look', async () => {
    const sight: Sight = (place, _, second) =>
      place === 'dublin' && second === 4 ? bad : goodFrom('primary');
    expect(await watch(bench({}, sight, { memories: past(300, 20) }))).toMatchObject({
      trial: false,
      decidedAt: '2026-03-02T10:00:04.000Z',
      summary: 'the primary is good for 0 s (60 needed)',
    });
  });

  it('believes nothing at once after a way home that failed', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300, 20) });
    expect(await watch(at, { failedWaysHome: 1 })).toMatchObject({
      trial: false,
      mayTry: false,
      decidedAt: '2026-03-02T10:00:00.000Z',
      summary: 'the primary is good for 0 s (120 needed)',
    });
  });

  it('carries the streak from look to look', async () => {
    const memories = past(300, 20);
    const { health, ...rest } = memories.memory!;
    memories.memory = {
      ...rest,
      health: { ...health, goodSince: START - 60_000, lastBadAt: START - 65_000 },
    };
    expect(await watch(bench({}, () => goodFrom('primary'), { memories }))).toMatchObject({
      recovered: true,
      summary: 'the primary is good for 60 s (60 needed)',
    });
  });
});

describe('confirm-outage: watching the primary of a planned move', () => {
  const planned = { move: 'planned' };

  it('does not end it because the primary is well', async () => {
    const at = bench({}, () => goodFrom('primary'));
    expect(await watch(at, planned)).toMatchObject({ recovered: false, trial: false, down: false });
    expect(await watch(bench({}, () => goodFrom('primary')))).toMatchObject({ recovered: true });
  });

  it('sees its death as any other', async () => {
    const at = bench({}, () => bad, { memories: past(300, 20) });
    expect(await watch(at, planned)).toMatchObject({ down: true });
  });

  it('takes the word of a person who vouches for an outage', async () => {
    const vouch = { execution: 'run-1', by: 'mina', reason: 'Seoul burns', at: '2026-03-02T09:59:58.000Z' };
    const at = bench({}, () => goodFrom('primary'));
    at.ledger.renewLease = async () => ({ vouch });
    expect(await watch(at, planned)).toMatchObject({
      down: true,
      summary: 'mina vouches for the outage since 2026-03-02T09:59:58.000Z: Seoul burns',
    });
    expect(await watch(at)).toMatchObject({ down: false });
  });

  it('believes a primary that is back once it is a failover, where the policy does', async () => {
    const was = { run: { ...run, trigger: 'manual', planned: true } };
    expect(
      await watch(
        bench({}, () => goodFrom('primary')),
        was,
      ),
    ).toMatchObject({ recovered: true });
    const own = configWith((shop) => {
      Object.assign((shop as { policy: object }).policy, { onPrimaryRecovery: 'proceed' });
    });
    expect(
      await watch(
        bench({}, () => goodFrom('primary'), { own }),
        was,
      ),
    ).toMatchObject({ recovered: false });
  });
});

describe('confirm-outage: looking whether users of a planned move can go home', () => {
  const home = { purpose: 'home', move: 'planned' };

  it('says at once that the primary is well', async () => {
    expect(
      await watch(
        bench({}, () => goodFrom('primary')),
        home,
      ),
    ).toMatchObject({
      down: false,
      decidedAt: '2026-03-02T10:00:00.000Z',
    });
  });

  it('looks until a primary that has just died counts as down', async () => {
    const decided = await watch(
      bench({}, () => bad),
      home,
    );
    expect(decided).toMatchObject({ down: true });
    expect(Date.parse(decided.decidedAt) - START).toBeGreaterThan(20_000);
    expect(Date.parse(decided.decidedAt) - START).toBeLessThanOrEqual(48_000);
  });

  it('comes to its end where neither is clear', async () => {
    // Every other look fails: neither a quorum nor a streak.
    const sight: Sight = (_place, _, second) => (second % 4 < 2 ? bad : goodFrom('primary'));
    const decided = await watch(bench({}, sight), home);
    expect(Date.parse(decided.decidedAt) - START).toBeLessThanOrEqual(48_000);
  });
});
