import type { Clock } from '../../core/ports.ts';
import { makeCancelPipeline } from '../../lambdas/cancel-pipeline/cancel-pipeline.ts';
import { makeConfirmOutage } from '../../lambdas/confirm-outage/confirm-outage.ts';
import { makeFindApproval } from '../../lambdas/find-approval/find-approval.ts';
import { makeHoldShare } from '../../lambdas/hold-share/hold-share.ts';
import { makeMoveRoute } from '../../lambdas/move-route/move-route.ts';
import { makePollPipeline } from '../../lambdas/poll-pipeline/poll-pipeline.ts';
import { makePollStandby } from '../../lambdas/poll-standby/poll-standby.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { makeScaleStandby } from '../../lambdas/scale-standby/scale-standby.ts';
import { makeShutFence } from '../../lambdas/shut-fence/shut-fence.ts';
import { makeStartPipeline } from '../../lambdas/start-pipeline/start-pipeline.ts';
import { makeTakeLease } from '../../lambdas/take-lease/take-lease.ts';
import { makeVerifyRoute } from '../../lambdas/verify-route/verify-route.ts';
import { MemoryPipeline, MemoryStandby, onlyFor, pipelineRun } from './azure-helpers.ts';
import { configWith, lease, refusalOf, run } from './fixture.ts';
import {
  callOf,
  goodFrom,
  MemoryAlarms,
  MemoryAnnouncer,
  MemoryFence,
  MemoryLedger,
  MemoryLog,
  MemoryMemories,
  MemorySpreads,
  MemoryProber,
  MemoryRoutes,
  VirtualClock,
} from './helpers.ts';
import { approvalOf, MemoryApprovals } from './people-helpers.ts';

/*
 * Goal: a dry run walks every step and changes nothing. The outside can be read as ever, and every write into it throws;
 * so that the promise is not kept by chance, each step is run in earnest over the same outside and must then throw.
 */

class Written extends Error {
  override readonly name = 'Written';
}
/** What stands in the place of every call that changes something. */
const written = (): never => {
  throw new Written('a dry run has written something');
};

const shared = configWith((shop) => {
  const rule = 'listener-rule/app/shop/0123456789abcdef/0123456789abcdef/0123456789abcdef';
  Object.assign(shop.primary, {
    fence: { listenerRuleArn: `arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:${rule}` },
  });
  Object.assign(shop.policy, { canary: { shares: [5, 25], holdSeconds: 60, errorPercentMax: 10 } });
});

function outside(clock: Clock, log: MemoryLog) {
  const ledger = Object.assign(new MemoryLedger(), {
    takeLease: written,
    renewLease: written,
    finish: written,
  });
  const routes = Object.assign(new MemoryRoutes(), { write: written });
  const pipeline = Object.assign(new MemoryPipeline(), { start: written, cancel: written });
  // A run of this very name, left by somebody: a dry run must not take it for its own.
  pipeline.runs.set('run-1', pipelineRun({}));
  const standby = Object.assign(new MemoryStandby(), { scale: written });
  const approvals = Object.assign(new MemoryApprovals(approvalOf()), {
    open: written,
    close: written,
    noteMessage: written,
  });
  const prober = new MemoryProber(clock, () => goodFrom('standby'));
  const alarms = new MemoryAlarms({ 'us-east-1': [], 'ap-northeast-2': [] });
  const memories = new MemoryMemories();
  const announcer = new MemoryAnnouncer();
  const doorFence = onlyFor(Object.assign(new MemoryFence(), { shut: written, open: written }));
  const spreads = Object.assign(new MemorySpreads(), { write: written });
  const seeing = { prober, alarms, memories, announcer, spreads };
  const deps = { config: shared, clock, log, ledger, routes, approvals, doorFence, ...seeing };
  return { ...deps, pipeline: onlyFor(pipeline), standby: onlyFor(standby), previews: pipeline.previewed };
}
type Outside = ReturnType<typeof outside>;

const AT = '2026-03-02T10:00:00.000Z';
const prepared = { standby: { ready: true, checkedAt: AT }, shield: { converged: true } };
const pipeline = { runId: 500, startedAt: AT, url: '' };
const spread = {
  converged: true,
  firstGoodAt: AT,
  convergedAt: AT,
  firstPlaceSeconds: 0,
  lastPlaceSeconds: 0,
  places: [],
};
const planned = (origin: string): unknown => ({ origin, previous: 'primary', epoch: 1, movedAt: AT });

const steps: [string, (deps: Outside) => Step, Record<string, unknown>, unknown][] = [
  ['take-lease', makeTakeLease, {}, { taken: true, epoch: 1, route: 'primary', standbyServed: false }],
  ['confirm-outage', makeConfirmOutage, { purpose: 'confirm' }, { verdict: 'inconclusive', lookAgain: true }],
  ['move-route to the shield', makeMoveRoute, { to: 'maintenance' }, planned('maintenance')],
  ['move-route of a share', makeMoveRoute, { to: 'maintenance', share: 1, prepared }, planned('maintenance')],
  ['move-route to the standby', makeMoveRoute, { to: 'standby', prepared }, planned('standby')],
  ['verify-route', makeVerifyRoute, { origin: 'standby', movedAt: AT }, spread],
  ['shut-fence', makeShutFence, { shield: { epoch: 1, movedAt: AT } }, { shut: false, evidence: null }],
  ['find-approval', makeFindApproval, {}, { given: false }],
  [
    'start-pipeline',
    makeStartPipeline,
    {},
    { runner: 'azure-devops', runId: 0, name: 'preview', url: '', startedAt: AT, why: null },
  ],
  ['poll-pipeline', makePollPipeline, { pipeline }, { state: 'succeeded', wait: null }],
  ['cancel-pipeline', makeCancelPipeline, {}, { cancelled: false }],
  ['scale-standby', makeScaleStandby, {}, { nodeCount: 3, previousNodeCount: 3 }],
  ['poll-standby', makePollStandby, { waitingSince: AT }, { ready: true, checks: [], checkedAt: AT }],
  ['hold-share, the first', makeHoldShare, { share: 0 }, { next: 1, more: true, asked: 0, failed: 0 }],
  ['hold-share, the last', makeHoldShare, { share: 1 }, { next: 2, more: false, asked: 0, failed: 0 }],
];

function walk(make: (deps: Outside) => Step, input: Record<string, unknown>, dryRun: boolean) {
  const clock = new VirtualClock();
  const deps = outside(clock, new MemoryLog());
  // Inside a promise, so that a write that throws at once is a refusal like any other.
  const answer = Promise.resolve().then(() =>
    make(deps)({ run: { ...run, dryRun }, lease, ...input }, callOf(clock, 840)),
  );
  return { answer, deps };
}

describe.each(steps)('a dry run: %s', (_, make, input, plan) => {
  it('answers with its plan and changes nothing', async () => {
    expect(await walk(make, input, true).answer).toMatchObject(plan as object);
  });

  it('would have changed something in earnest', async () => {
    expect((await refusalOf(walk(make, input, false).answer)).name).toBe('Written');
  });
});

describe('a dry run', () => {
  it('shows the pipeline what it would start, through its own preview', async () => {
    const { answer, deps } = walk(makeStartPipeline, {}, true);
    await answer;
    expect(deps.previews).toEqual([
      { action: 'apply', workload: 'shop', correlationId: 'run-1', tier: 'cold', replaceData: 'true' },
    ]);
  });

  it('says in the log where the route would go', async () => {
    const { answer, deps } = walk(makeMoveRoute, { to: 'standby', prepared }, true);
    await answer;
    expect(deps.log.infos).toEqual(['dry run: the route would be moved']);
  });

  it('is refused where the real run would be: without evidence, and where the standby serves already', async () => {
    const unsafe = walk(makeMoveRoute, { to: 'standby' }, true);
    expect((await refusalOf(unsafe.answer)).name).toBe('UnsafeMove');
    const deps = outside(new VirtualClock(), new MemoryLog());
    deps.routes.route = { v: 1, origin: 'standby', epoch: 3, fence: 6, by: 'run-0', at: AT };
    const step = makeTakeLease(deps);
    expect(await step({ run: { ...run, dryRun: true } }, { remainingMs: () => 15_000 })).toMatchObject({
      taken: false,
      reason: 'already-over',
    });
  });
});
