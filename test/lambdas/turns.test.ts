import { askForTurn, type Asker, type Turns } from '../../core/fleet/turns.ts';
import { changeTurns, endTurn, spreadOf } from '../../lambdas/turns.ts';
import { refusalOf, START } from './fixture.ts';
import { MemoryTurns } from './fleet-helpers.ts';
import { MemoryLog, unavailable, VirtualClock } from './helpers.ts';

/* Goal: many runs write one item at once, and none is lost; one that cannot write says so, unless it is over already. */

const asker = (execution: string): Asker => ({
  ...{ execution, workload: 'shop', priority: 5, holdMs: 60_000, yieldMs: 0 },
});
function bench() {
  return { clock: new VirtualClock(), turns: new MemoryTurns(), log: new MemoryLog() };
}
const take = (at: ReturnType<typeof bench>, execution: string): Promise<boolean> =>
  changeTurns(at, execution, (known) => {
    const asked = askForTurn(known, asker(execution), { now: at.clock.now(), movesAtOnce: 100 });
    return { next: asked.turns, result: asked.granted };
  });

describe('the turns of a fleet', () => {
  it('are kept of all runs that ask in the same moment', async () => {
    const at = bench();
    const runs = Array.from({ length: 50 }, (_, n) => `run-${n}`);
    const granted = await Promise.all(runs.map((run) => take(at, run)));
    expect(new Set(granted)).toEqual(new Set([true]));
    expect(Object.keys(at.turns.turns.holders).toSorted()).toEqual(runs.toSorted());
    expect(at.turns.version).toBe(50);
  });

  it('are not written where nothing changes', async () => {
    const at = bench();
    expect(await changeTurns(at, 'run-1', () => ({ next: null, result: 7 }))).toBe(7);
    expect(at.turns.version).toBe(0);
  });

  it('are unavailable where others write at every try', async () => {
    const at = bench();
    at.turns.write = async () => false;
    expect(await refusalOf(take(at, 'run-1'))).toMatchObject({
      name: 'CloudUnavailable',
      message: expect.stringContaining('60 writes of somebody else in a row') as string,
    });
  });
});

describe('a pause between two tries', () => {
  it('is each run’s own, and another one each time', () => {
    const spreads = ['run-1', 'run-2'].flatMap((run) => [spreadOf(run, 0), spreadOf(run, 1)]);
    expect(new Set(spreads).size).toBe(4);
    for (const spread of spreads) {
      expect(spread).toBeGreaterThanOrEqual(0);
      expect(spread).toBeLessThan(1);
    }
    expect(spreadOf('run-1', 0)).toBe(spreads[0]);
  });
});

describe('a run that is over', () => {
  const held: Turns = {
    holders: {
      'run-1': { workload: 'shop', until: START + 60_000 },
      'run-2': { workload: 'vets', until: START + 60_000 },
    },
    waiting: {},
  };

  it('gives its turn back, and nobody else’s', async () => {
    const at = bench();
    at.turns.turns = held;
    await endTurn(at, 'run-1');
    expect(Object.keys(at.turns.turns.holders)).toEqual(['run-2']);
  });

  it('writes nothing where it has none', async () => {
    const at = bench();
    await endTurn(at, 'run-1');
    expect([at.turns.version, at.log.warnings]).toEqual([0, []]);
  });

  it('stays over where its turn cannot be given back, and says so', async () => {
    const at = bench();
    const failure = unavailable('DynamoDB GetItem');
    at.turns.failure = failure;
    await endTurn(at, 'run-1');
    expect(at.log.warnings).toEqual([
      {
        message: 'the turn could not be given back; it ends by its time limit',
        facts: { execution: 'run-1', error: failure },
      },
    ]);
  });
});
