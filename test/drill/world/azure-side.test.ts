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

  it('has what each stage leaves behind when it succeeds, and is fit when the gateway has seen it', async () => {
    const { side, standby } = build();
    side.stageEnded('Infrastructure', 'succeeded');
    expect(side.exists).toEqual({ gateway: true, cluster: true, database: true });
    expect(standby.condition).toBe('silent');
    side.stageEnded('Deploy', 'succeeded');
    expect(standby.condition).toBe('up');
    expect(healths(side)).toEqual(['Unknown', 'Unknown', 'Unknown']);
    expect(side.fitForTraffic).toBe(false);
    await pass(60);
    expect(healths(side)).toEqual(['Up', 'Up', 'Up']);
    expect(side.fitForTraffic).toBe(true);
  });

  it('stays fit where a second run deploys the same again', async () => {
    const { side } = build();
    side.stageEnded('Infrastructure', 'succeeded');
    side.stageEnded('Deploy', 'succeeded');
    await pass(60);
    side.stageEnded('Infrastructure', 'succeeded');
    side.stageEnded('Deploy', 'succeeded');
    expect(healths(side)).toEqual(['Up', 'Up', 'Up']);
    expect(side.fitForTraffic).toBe(true);
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

  it('takes for the restore what the pod needs, and the data', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const restore = build({}, seed, { mode: 'ship' }).side.stages()[1]!;
      // 20 to 60 s for the pod, 80 s for two billion bytes, and 157 s for a day of two transactions a second.
      expect(restore.durationSeconds).toBeGreaterThanOrEqual(257);
      expect(restore.durationSeconds).toBeLessThan(298);
      expect(restore.outcome).toBe('succeeded');
    }
  });

  it('fails the restore where the data cannot be loaded, with the words of who should have loaded them', () => {
    const restore = build({}, 1, { mode: 'ship', applierFails: true }).side.stages()[1];
    expect(restore).toMatchObject({
      ...{ name: 'Restore', outcome: 'failed' },
      errors: ['LOAD_FAILED ERROR 1114 (HY000): The table is full'],
    });
  });

  it('lets a standby load as soon as it has a database', async () => {
    const { side, primary, data } = build({}, 1, { mode: 'ship' });
    await pass(60);
    primary.accept({ id: 1, at: Date.now() });
    await pass(20);
    side.stageEnded('Infrastructure', 'failed');
    await pass(300);
    expect(data.truth().applied).toEqual([]);
    side.stageEnded('Infrastructure', 'succeeded');
    await pass(300);
    expect(data.truth().applied).toEqual([1]);
  });

  it('builds the infrastructure within the bounds of its largest parts', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const [infrastructure] = build({}, seed).side.stages();
      // The network takes 45 to 75 s; after it the gateway at least 360 s, the slowest part at most 480 s.
      expect(infrastructure!.durationSeconds).toBeGreaterThanOrEqual(405);
      expect(infrastructure!.durationSeconds).toBeLessThan(555);
    }
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
    side.stageEnded('Deploy', 'succeeded');
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
