import { SeededRandom } from '../../../drill/random.ts';
import { Application } from '../../../drill/world/application.ts';
import { AzureSide } from '../../../drill/world/azure-side.ts';
import { dataPlanOf } from '../../../drill/world/data/data-plan.ts';
import { buildData } from '../../../drill/world/data/site-data.ts';
import { Journal } from '../../../drill/world/journal.ts';
import type { ParkedScenario } from '../../../drill/world/parked-plan.ts';
import { useVirtualTime } from '../clouds/fixture.ts';
import { pass, storeOf, writeFor } from './data/fixture.ts';

/*
 * Goal: a parked set serves nobody until its machines, its pods and its data are there, and nothing of it goes on while
 * it is stopped.
 */

function build(parked: ParkedScenario = {}) {
  const random = new SeededRandom(1);
  const journal = new Journal();
  const data = buildData({
    plan: dataPlanOf({ mode: 'ship' }),
    ...{ workload: 'petclinic', store: storeOf(), random: random.fork('data'), journal },
    standby: { asleepForDays: parked.stoppedDays ?? 12 },
  });
  const standby = new Application('standby', { database: data.standby, condition: 'silent', deepText: 'O' });
  const plan = {
    tier: 'parked',
    gatewayStaysSick: false,
    checkpoint: null,
    scalingFailure: null,
    asleep: true,
    parked,
  } as const;
  return {
    data,
    standby,
    journal,
    side: new AzureSide({ plan, random, journal, application: standby, data }),
  };
}

const start = ({ side }: ReturnType<typeof build>): void => {
  for (const kind of ['gateway', 'cluster', 'mysql'] as const) side.power.start(kind);
};

describe('a parked set of the drill', () => {
  useVirtualTime();

  it('is there, stopped, and serves nobody', () => {
    const { side, standby } = build();
    expect(side.exists).toEqual({ gateway: true, cluster: true, database: true });
    expect(side.power.word('cluster')).toBe('Stopped');
    expect([standby.condition, side.fitForTraffic]).toEqual(['silent', false]);
    expect(side.unavoidableSeconds()).toBeNull();
  });

  it('serves once its machines run, its pods have started and the gateway has seen them', async () => {
    const world = build();
    start(world);
    await pass(140);
    expect(world.standby.condition).toBe('silent');
    await pass(560);
    expect([world.standby.condition, world.side.fitForTraffic]).toEqual(['up', true]);
    expect(world.side.unavoidableSeconds()?.prepare).toBeGreaterThanOrEqual(360);
  });

  it('loads the newest dump where its own data are old, and has what was shipped since', async () => {
    const world = build({ stoppedDays: 12 });
    await writeFor(world.data, 100);
    expect(world.data.truth().applied).toEqual([]);
    start(world);
    await pass(900);
    const { applied } = world.data.truth();
    expect(applied).toHaveLength(100);
  });

  it('replays what has come since it was stopped where that is little', async () => {
    const world = build({ stoppedDays: 0.001 });
    await writeFor(world.data, 50);
    start(world);
    await pass(900);
    expect(world.data.truth().applied).toHaveLength(50);
    expect(world.data.standby.writable).toBe(false);
  });

  it('is silent as soon as it is stopped again', async () => {
    const world = build();
    start(world);
    await pass(900);
    world.side.power.stop('cluster');
    expect([world.standby.condition, world.side.fitForTraffic]).toEqual(['silent', false]);
    await pass(200);
    expect(world.side.power.word('cluster')).toBe('Stopped');
  });

  it('stays stopped where Azure has no machines, until the pipeline has built it', async () => {
    const world = build({ clusterRefuses: { code: 'AllocationFailed', message: 'no machines' } });
    start(world);
    await pass(900);
    expect([world.side.power.word('cluster'), world.side.power.isFailed('cluster')]).toEqual([
      'Stopped',
      true,
    ]);
    expect(world.standby.condition).toBe('silent');
    world.side.stageEnded('Infrastructure', 'succeeded');
    await pass(200);
    expect(world.side.power.word('cluster')).toBe('Running');
  });
});
