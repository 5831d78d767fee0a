import { planBuild, type BuildOrder, type BuildStep } from '../../../drill/world/build-plan.ts';

/*
 * Goal: what waits for what in a run of the pipeline, by figures that can be added up by hand.
 */

const EACH: Readonly<Record<BuildStep, number>> = {
  ...{ agent: 60, container: 40, begin: 40, policy: 20, cluster: 300, gateway: 400, database: 370 },
  ...{ prepare: 50, restore: 90, applier: 30, images: 40, loadBalancer: 45, start: 25, remove: 150 },
  ...{ deploy: 30, smoke: 30, notice: 8, scale: 120, probe: 45, probeAwake: 10 },
};

const plan = (changes: Partial<BuildOrder> & { readonly each?: Partial<typeof EACH> } = {}) => {
  const { each = {}, ...order } = changes;
  const seconds = { ...EACH, ...each };
  return planBuild({
    draw: (what) => seconds[what],
    missing: ['cluster', 'gateway', 'database'],
    ...{ removesCluster: false, loadSeconds: 80, faultOf: () => null },
    ...order,
  });
};
const stage = (of: ReturnType<typeof plan>, name: string) => {
  const found = of.stages.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no stage ${name}`);
  return found;
};
/** Seconds from the beginning of Terraform's job. */
const momentsOf = (of: ReturnType<typeof plan>): Record<string, number> => {
  const { durationSeconds, milestones = [] } = stage(of, 'Infrastructure');
  return Object.fromEntries(
    milestones.map(({ name, beforeEndSeconds }) => [name, durationSeconds - beforeEndSeconds]),
  );
};

describe('the plan of a run', () => {
  it('builds cluster, gateway and database side by side, and ends with the slowest', () => {
    const built = plan();
    expect(momentsOf(built)).toMatchObject({ cluster: 340, gateway: 460, database: 410 });
    expect(stage(built, 'Infrastructure').durationSeconds).toBe(460);
    expect(stage(plan({ each: { cluster: 450 } }), 'Infrastructure').durationSeconds).toBe(490);
  });

  it('loads as soon as the database is prepared and the mover is there, while the gateway is being built', () => {
    // 410 + 50: the preparation outlasts the pod's 30.
    expect(momentsOf(plan())['data']).toBe(460);
    expect(momentsOf(plan({ each: { applier: 60 } }))['data']).toBe(470);
    // The pod cannot be there before the cluster is.
    expect(momentsOf(plan({ each: { cluster: 450 } }))['data']).toBe(520);
  });

  it('lets Restore take what the data take from then on, and wait until then', () => {
    expect(stage(plan(), 'Restore')).toMatchObject({
      startsAfter: [],
      durationSeconds: 80,
      waitsFor: { stage: 'Infrastructure', beforeEndSeconds: 0 },
    });
    expect(stage(plan({ each: { gateway: 480 } }), 'Restore').waitsFor?.beforeEndSeconds).toBe(80);
    expect(stage(plan({ each: { gateway: 360 } }), 'Restore').waitsFor?.beforeEndSeconds).toBe(-40);
  });

  it('takes for a site that brings its data itself what that takes, and no mover', () => {
    const own = plan({ loadSeconds: null, each: { prepare: 0 } });
    expect([momentsOf(own)['data'], stage(own, 'Restore').durationSeconds]).toEqual([410, 90]);
  });

  it('finds the application deployed, but for an address that it waits for where the cluster came last', () => {
    expect(stage(plan(), 'Deploy').durationSeconds).toBe(30);
    expect(stage(plan({ each: { cluster: 450 } }), 'Deploy').durationSeconds).toBe(45);
  });

  it('smokes until the application has started behind its data and the gateway believes it', () => {
    // Restored at 540; 25 to start, 10 to be believed, 3 to be asked again.
    expect(stage(plan(), 'Smoke').durationSeconds).toBe(38);
    expect(stage(plan({ each: { smoke: 40 } }), 'Smoke').durationSeconds).toBe(40);
    // With the data there early nothing but its own work is left.
    expect(stage(plan({ loadSeconds: 1, each: { gateway: 480 } }), 'Smoke').durationSeconds).toBe(30);
  });

  it('adds up the critical path, whichever way it goes', () => {
    expect(plan().totalSeconds).toBe(578);
    // 40 + 20 + 480 and 30 to deploy and 30 to smoke.
    expect(plan({ loadSeconds: 1, each: { gateway: 480 } }).totalSeconds).toBe(600);
  });

  it('builds of a parked standby what did not wake, and takes away what is in the way', () => {
    const parked = plan({ missing: ['cluster'], removesCluster: true });
    expect(momentsOf(parked)).toEqual({ cluster: 490, gateway: 0, database: 0, data: 520 });
    expect(stage(parked, 'Infrastructure').durationSeconds).toBe(490);
  });

  it('fails the stage that is to fail, with its errors, and no other', () => {
    const failing = plan({ faultOf: (name) => (name === 'Deploy' ? ['DEPLOY_REFUSED: no'] : null) });
    expect(failing.stages.map(({ name, outcome, errors }) => [name, outcome, errors])).toEqual([
      ['Infrastructure', 'succeeded', undefined],
      ['Restore', 'succeeded', undefined],
      ['Deploy', 'failed', ['DEPLOY_REFUSED: no']],
      ['Smoke', 'succeeded', undefined],
    ]);
  });
});
