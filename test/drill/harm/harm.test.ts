import { measureHarm, noHarm } from '../../../drill/harm/harm.ts';
import { tableScenario, tableWorlds } from '../../../drill/harm/worlds.ts';
import { parseScenario, type Scenario } from '../../../drill/scenario.ts';
import { shipped } from '../fixture.ts';

const dies = (change: Partial<Scenario> = {}): Scenario =>
  parseScenario({
    title: 'A Region dies',
    story: 'It dies.',
    happenings: [{ what: 'region-dies', at: 0 }],
    ...change,
  });

describe('the rule no-harm', () => {
  it('holds as long as users lose no more than one point against doing nothing', () => {
    expect(noHarm(dies(), -1, 60)).toEqual({
      name: 'no-harm',
      held: true,
      detail: '-1.00 points against doing nothing over 60 min',
    });
  });

  it('is broken below that', () => {
    expect(noHarm(dies(), -1.01, 60)).toEqual({
      name: 'no-harm',
      held: false,
      detail: '-1.01 points against doing nothing over 60 min, at least -1.00 is allowed',
    });
  });

  it('judges nobody for what people decided', () => {
    const started = dies({ happenings: [{ what: 'manual-start', at: 0, input: {} }] });
    expect(noHarm(started, -20, 60)).toMatchObject({ held: true });
  });
});

describe('the worlds of the table', () => {
  it('are limps of all shares, a Region that is back soon, and two that flap', () => {
    expect(tableWorlds.map(({ name }) => name)).toEqual([
      'limps-10',
      'limps-20',
      'limps-30',
      'limps-50',
      'limps-70',
      'limps-90',
      'back-after-5-min',
      'flaps-60-120',
      'flaps-120-60',
    ]);
  });

  it('flap for 36 minutes', () => {
    const { happenings } = tableScenario('flaps-120-60', 'warm');
    expect(happenings).toHaveLength(24);
    expect(happenings.at(-1)).toEqual({ what: 'region-returns', at: 2_100 });
  });

  it('are asked for by their names alone', () => {
    expect(() => tableScenario('limps-101', 'cold')).toThrow('the table has no world limps-101');
  });
});

describe('the harm of a world', () => {
  it('sets what users had with the controller against what they had with nobody', async () => {
    const harm = await measureHarm({
      ...{ name: 'limps-90', scenario: tableScenario('limps-90', 'warm') },
      ...{ seed: 1, config: shipped(), minutes: 12 },
    });
    expect(harm.nothing).toMatchObject({ moves: [], runs: 0, page: 0 });
    expect(Math.abs(harm.nothing.servedPercent - 10)).toBeLessThan(2);
    expect(harm.controller.moves.map(({ origin }) => origin)).toEqual(['maintenance', 'standby']);
    expect(harm.gainedPoints).toBeGreaterThan(30);
    expect(harm.rule).toMatchObject({ name: 'no-harm', held: true });
    expect(harm.controller.requests).toBe(harm.nothing.requests);
  }, 60_000);
});
