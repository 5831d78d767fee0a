import { runScenario } from './fixture.ts';

/* Goal: what the scenarios compare is measured in one world, twice, and told in the report. */

jest.setTimeout(60_000);

describe('the two strategies in the same world', () => {
  it('are both told: the distribution takes minutes where the store takes seconds', async () => {
    const { report } = await runScenario('distribution-strategy', 4);
    const { convergence } = report;
    expect(convergence?.strategy).toBe('distribution');
    expect(convergence?.compared?.strategy).toBe('key-value');
    expect(convergence?.compared?.lastSeconds).toBeLessThan(120);
    expect(convergence?.lastSeconds).toBeGreaterThan(120);
    const ratio = convergence!.lastSeconds / convergence!.compared!.lastSeconds;
    expect(ratio).toBeGreaterThan(1);
    expect(convergence?.compared?.ratio).toBeCloseTo(ratio, 2);
  });

  it('are not compared where the scenario does not ask for it', async () => {
    const { report } = await runScenario('region-outage-warm', 4);
    expect(report.convergence).toMatchObject({ strategy: 'key-value' });
    expect(report.convergence).not.toHaveProperty('compared');
    expect(report).not.toHaveProperty('savedSeconds');
  });
});

describe('a start on suspicion', () => {
  it('saves the seconds of the confirmation', async () => {
    const { report } = await runScenario('on-suspicion', 4);
    expect(report.savedSeconds).toBeGreaterThan(0);
    // It can save no more than the confirmation takes: the watch suspects after half a minute, the alarm comes after two.
    expect(report.savedSeconds).toBeLessThan(150);
  });
});

describe('the limit', () => {
  it('is what detection, Azure and the first edge location take, and the RTO is more than that', async () => {
    const { report } = await runScenario('region-outage', 4);
    const { rto, limit } = report;
    expect(limit!.seconds).toBeLessThan(rto!.totalSeconds);
    expect(limit!.ratio).toBeCloseTo(rto!.totalSeconds / limit!.seconds, 2);
    expect(limit!.ratio).toBeLessThan(1.25);
  });

  it('is not told where nothing was switched', async () => {
    expect((await runScenario('false-alarm', 4)).report.limit).toBeNull();
  });
});
