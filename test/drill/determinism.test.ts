import { runScenario } from './fixture.ts';

/* Goal: a seed is a whole run; whoever has the name of a scenario and its seed has every byte of it. */

jest.setTimeout(60_000);

const FAULTS = { callShareMax: 0.08, invocationShareMax: 0.12 };

/** A run in full: what is printed, and what happened behind it. */
async function bytesOf(name: string, seed: number, faults?: typeof FAULTS): Promise<string> {
  const { report, journal, transitions, calls } = await runScenario(
    name,
    seed,
    faults === undefined ? {} : { faults },
  );
  return JSON.stringify({ report, journal, transitions, calls }, null, 1);
}

describe('a seed', () => {
  it.each([
    ['a plain outage', 'region-outage-warm', undefined],
    ['people in Slack', 'approval-approved', undefined],
    ['people in Slack and at the command line while Slack is down', 'slack-down', undefined],
    ['random faults', 'region-outage-warm', FAULTS],
    ['people and random faults', 'approval-approved', FAULTS],
  ] as const)(
    'gives the same bytes each time with %s, and another seed gives others',
    async (_, name, faults) => {
      const first = await bytesOf(name, 11, faults);
      expect(await bytesOf(name, 11, faults)).toBe(first);
      expect(await bytesOf(name, 12, faults)).not.toBe(first);
    },
  );

  it('draws faults of its own, so that a run without them goes as it always did', async () => {
    const calm = await bytesOf('region-outage-warm', 11);
    expect(await bytesOf('region-outage-warm', 11, { callShareMax: 0, invocationShareMax: 0 })).toBe(calm);
    expect(await bytesOf('region-outage-warm', 11, FAULTS)).not.toBe(calm);
  });
});
