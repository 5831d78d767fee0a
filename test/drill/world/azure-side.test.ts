import { SeededRandom } from '../../../drill/random.ts';
import { Application } from '../../../drill/world/application.ts';
import { AzureSide, type AzurePlan } from '../../../drill/world/azure-side.ts';
import { dataPlanOf, type DataPlan } from '../../../drill/world/data/data-plan.ts';
import { buildData, type SiteData } from '../../../drill/world/data/site-data.ts';
import type { Database } from '../../../drill/world/database.ts';
import { Journal } from '../../../drill/world/journal.ts';
import { START, useVirtualTime } from '../clouds/fixture.ts';
import { storeOf } from './data/fixture.ts';

interface Parts {
  readonly side: AzureSide;
  readonly standby: Application;
  readonly primary: Database;
  readonly data: SiteData;
}

function build(changes: Partial<AzurePlan> = {}, seed = 1, dataChanges: Partial<DataPlan> = {}): Parts {
  const plan: AzurePlan = {
    ...{ tier: 'cold', gatewayStaysSick: false, scalingFailure: null, checkpoint: null },
    ...changes,
  };
  const condition = plan.tier === 'warm' ? 'up' : 'silent';
  const journal = new Journal();
  const random = new SeededRandom(seed);
  const data = buildData({
    plan: { ...dataPlanOf({ mode: 'none' }), ...dataChanges },
    ...{ workload: 'petclinic', store: storeOf(), random: random.fork('data'), journal },
    standby: plan.tier === 'warm' ? 'follows' : 'not-there',
  });
  const standby = new Application('standby', { database: data.standby, condition, deepText: 'Owners' });
  const side = new AzureSide({ plan, random, journal, application: standby, data });
  return { side, standby, primary: data.primary, data };
}

/** One write each minute of the half hour before now; its id says how many minutes before. */
function fill(primary: Database): void {
  for (let minute = 0; minute <= 30; minute += 1) {
    primary.accept({ id: minute, at: Date.now() - minute * 60_000 });
  }
}

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);
const healths = (side: AzureSide): string[] => side.backends().map((backend) => backend.health);

describe('AzureSide, cold', () => {
  useVirtualTime();

  it('has nothing before the pipeline has built it', () => {
    const { side } = build();
    expect(side.exists).toEqual({ gateway: false, cluster: false, database: false });
    expect(side.backends()).toEqual([]);
    expect(side.fitForTraffic).toBe(false);
  });

  it('has each part from its own moment on', () => {
    const { side } = build();
    side.reached('cluster');
    expect(side.exists).toEqual({ gateway: false, cluster: true, database: false });
    side.reached('database');
    expect(side.exists).toEqual({ gateway: false, cluster: true, database: true });
    side.reached('gateway');
    expect(side.exists).toEqual({ gateway: true, cluster: true, database: true });
    expect(side.nodeCount).toBe(3);
    expect(side.fitForTraffic).toBe(false);
  });

  it('is fit when its data are there, its application has started and the gateway has seen it', async () => {
    const { side, standby } = build();
    side.stageEnded('Infrastructure', 'succeeded');
    side.stageEnded('Deploy', 'succeeded');
    await pass(600);
    // The pods are in the cluster and wait for the data.
    expect([standby.condition, side.fitForTraffic]).toEqual(['silent', false]);
    side.stageEnded('Restore', 'succeeded');
    await pass(14);
    expect(standby.condition).toBe('silent');
    await pass(26.1);
    expect(standby.condition).toBe('up');
    await pass(15);
    expect(healths(side)).toEqual(['Up', 'Up', 'Up']);
    expect(side.fitForTraffic).toBe(true);
  });

  it('is not fit as long as the gateway has not seen its application', async () => {
    const { side, standby } = build();
    side.stageEnded('Infrastructure', 'succeeded');
    side.stageEnded('Restore', 'succeeded');
    while (standby.condition !== 'up') await pass(1);
    expect(healths(side)).toEqual(['Unknown', 'Unknown', 'Unknown']);
    expect(side.fitForTraffic).toBe(false);
  });

  it('reaches nobody before there is a gateway, which then has to see it', async () => {
    const { side, standby } = build();
    for (const part of ['cluster', 'database', 'data'] as const) side.reached(part);
    side.stageEnded('Restore', 'succeeded');
    await pass(600);
    expect([standby.condition, side.backends()]).toEqual(['silent', []]);
    side.reached('gateway');
    expect(standby.condition).toBe('up');
    expect(healths(side)).toEqual(['Unknown', 'Unknown', 'Unknown']);
    await pass(15);
    expect(side.fitForTraffic).toBe(true);
  });

  it('stays fit where a second run deploys the same again', async () => {
    const { side } = build();
    const stages = ['Infrastructure', 'Restore', 'Deploy', 'Smoke'];
    for (const stage of stages) side.stageEnded(stage, 'succeeded');
    await pass(60);
    for (const stage of stages) {
      side.stageEnded(stage, 'succeeded');
      expect(healths(side)).toEqual(['Up', 'Up', 'Up']);
      await pass(60);
      expect(side.fitForTraffic).toBe(true);
    }
  });

  it('has nothing of a stage that failed', async () => {
    const { side, standby, primary, data } = build();
    fill(primary);
    for (const stage of ['Infrastructure', 'Restore', 'Deploy', 'Smoke']) side.stageEnded(stage, 'failed');
    await pass(60);
    expect(side.exists).toEqual({ gateway: false, cluster: false, database: false });
    expect(standby.condition).toBe('silent');
    // A cold standby has no replica either.
    data.switched();
    expect(standby.database.upTo(Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect(side.fitForTraffic).toBe(false);
  });

  it('plans the failure of the stage that the scenario names, with its errors, and of no other', () => {
    const { side } = build({ failStage: { name: 'Restore', errors: ['no backup was found'] } });
    const stages = side.stages();
    expect(stages.map((stage) => `${stage.name} ${stage.outcome}`)).toEqual([
      'Infrastructure succeeded',
      'Restore failed',
      'Deploy succeeded',
      'Smoke succeeded',
    ]);
    expect(stages.map((stage) => stage.errors)).toEqual([
      undefined,
      ['no backup was found'],
      undefined,
      undefined,
    ]);
  });

  it('fails the restore where the data cannot be loaded, with the words of who should have loaded them', () => {
    const restore = build({}, 1, { mode: 'ship', applierFails: true }).side.stages()[1];
    expect(restore).toMatchObject({
      ...{ name: 'Restore', outcome: 'failed' },
      errors: ['LOAD_FAILED ERROR 1114 (HY000): The table is full'],
    });
  });

  it('lets a standby load as soon as its database is prepared and the mover is there, and not before', async () => {
    const { side, primary, data } = build({}, 1, { mode: 'ship' });
    await pass(60);
    primary.accept({ id: 1, at: Date.now() });
    await pass(20);
    side.reached('database');
    await pass(300);
    expect(data.truth().applied).toEqual([]);
    side.reached('data');
    await pass(300);
    expect(data.truth().applied).toEqual([1]);
  });

  it('restores the newest backup before the death of the primary', async () => {
    // The virtual clock begins at midnight; backups are taken at each quarter of an hour.
    const { side, standby, primary, data } = build();
    await pass(40 * 60);
    fill(primary);
    data.primaryDied();
    await pass(20 * 60);
    side.stageEnded('Restore', 'succeeded');
    // 00:30 is the newest backup before 00:40: what was written in the ten minutes after it is lost.
    expect([30, 11, 10].map((id) => standby.database.holds(id))).toEqual([true, true, true]);
    expect([9, 1, 0].map((id) => standby.database.holds(id))).toEqual([false, false, false]);
    expect(Date.now()).toBe(START + 60 * 60_000);
  });

  it('restores a backup of this quarter of an hour where the primary still lives', async () => {
    const { side, standby, primary, data } = build();
    await pass(40 * 60);
    fill(primary);
    data.primaryDied();
    data.primaryCameBack();
    await pass(20 * 60);
    side.stageEnded('Restore', 'succeeded');
    expect(standby.database.holds(0)).toBe(true);
  });

  it('stays unfit where the gateway never turns healthy', async () => {
    const { side } = build({ gatewayStaysSick: true });
    side.stageEnded('Infrastructure', 'succeeded');
    side.stageEnded('Restore', 'succeeded');
    await pass(3600);
    expect(healths(side)).toEqual(['Down', 'Down', 'Down']);
    expect(side.fitForTraffic).toBe(false);
  });
});

describe('AzureSide, warm', () => {
  useVirtualTime();

  it('is small and fit from the beginning, and large once it is scaled and its gateway has seen that', async () => {
    const { side } = build({ tier: 'warm' });
    expect(healths(side)).toEqual(['Up']);
    expect(side.fitForTraffic).toBe(true);
    side.scaled(3);
    expect(healths(side)).toEqual(['Up', 'Unknown', 'Unknown']);
    expect(side.fitForTraffic).toBe(true);
    await pass(60);
    expect(healths(side)).toEqual(['Up', 'Up', 'Up']);
  });

  it('holds all but the last seconds when the primary dies', async () => {
    const { standby, primary, data } = build({ tier: 'warm' });
    await pass(60);
    for (const [id, seconds] of [6, 5, 4, 0].entries()) {
      primary.accept({ id, at: Date.now() - seconds * 1000 });
    }
    data.primaryDied();
    await pass(600);
    data.switched();
    expect([0, 1, 2, 3].map((id) => standby.database.holds(id))).toEqual([true, true, false, false]);
  });

  it('goes on receiving while the primary lives', async () => {
    const { standby, primary, data } = build({ tier: 'warm' });
    primary.accept({ id: 1, at: Date.now() });
    await pass(600);
    data.switched();
    expect(standby.database.holds(1)).toBe(true);
  });
});
