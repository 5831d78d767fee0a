import { makeCloseRun } from '../../lambdas/close-run/close-run.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Route } from '../../core/route/route.ts';
import { recordOf } from '../../core/standby/parked.ts';
import { MemoryPipeline, onlyFor, pipelineRun } from './azure-helpers.ts';
import { config, refusalOf, run } from './fixture.ts';
import {
  callOf,
  MemoryAnnouncer,
  MemoryLedger,
  MemoryLog,
  MemoryRoutes,
  unavailable,
  VirtualClock,
} from './helpers.ts';
import { MemoryOrders } from './orders-helpers.ts';
import { MemoryTurns } from './fleet-helpers.ts';
import { allOf, MemoryParked, MemoryPower, parkedConfig } from './power-helpers.ts';

/*
 * Goal: a run that was stopped from outside is recorded, gives its lease back and is told of, once; a run that closed itself
 * is left alone.
 */

const shield: Route = {
  v: 1,
  origin: 'maintenance',
  epoch: 1,
  fence: 7,
  by: 'run-1',
  at: '2026-03-02T10:00:10.000Z',
};

function bench(route: Route | null = shield, settings: Config = config) {
  const clock = new VirtualClock();
  const parts = {
    ...{ config: settings, clock, log: new MemoryLog(), ledger: new MemoryLedger() },
    ...{ records: new MemoryParked(), book: new MemoryOrders() },
    ...{ routes: new MemoryRoutes(route), announcer: new MemoryAnnouncer(), turns: new MemoryTurns() },
  };
  const pipeline = new MemoryPipeline();
  const power = new MemoryPower();
  const step = makeCloseRun({ ...parts, pipeline: onlyFor(pipeline), power: () => power });
  return { ...parts, pipeline, power, close: (event: unknown) => step(event, callOf(clock, 120)) };
}

const ended = (detail: Readonly<Record<string, unknown>> = {}) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    name: 'run-1',
    status: 'ABORTED',
    startDate: Date.parse('2026-03-02T10:00:00.000Z'),
    input: '{"workload":"shop","reason":"it is dark","requestedBy":"Mina"}',
    ...detail,
  },
});

describe('close-run: an execution that was stopped', () => {
  it('is told with where the users are and what still runs, recorded, and gives back whatever lease it holds', async () => {
    const at = bench();
    at.pipeline.runs.set('run-1', pipelineRun({ state: 'running' }));
    expect(await at.close(ended())).toEqual({ closed: true, detail: 'ExecutionAborted: people were told' });
    expect(at.announcer.messages).toMatchObject([{ workload: 'shop', outcome: 'Escalated' }]);
    const text = at.announcer.messages[0]!.text;
    expect(text).toContain('Users see the maintenance page: the shield stays up.');
    expect(text).toContain('pilotlight-shop-apply-run-1 still goes and costs money');
    expect(text).toContain('Next: docs/procedures.md, "A run escalated".');
    expect(at.ledger.finished).toMatchObject([
      {
        record: { outcome: 'Escalated', run: { execution: 'run-1', startedAt: '2026-03-02T10:00:00.000Z' } },
        // 30 minutes after 10:00:00: users are not at home.
        release: { epoch: null, status: 'FAILED', cooldownUntil: 1_772_447_400_000, disarms: false },
      },
    ]);
  });

  it('lets the next run start at once where users are on the primary', async () => {
    const at = bench(null);
    await at.close(ended({ status: 'TIMED_OUT' }));
    expect(at.ledger.finished[0]?.release).toMatchObject({ cooldownUntil: null, disarms: false });
    expect(at.announcer.messages[0]?.text).toContain('ExecutionTimedOut');
  });

  it('leaves automation off where users are on the standby', async () => {
    const at = bench({ ...shield, origin: 'standby', standbyServed: true });
    await at.close(ended());
    expect(at.ledger.finished[0]?.release).toMatchObject({ disarms: true });
  });

  it('changes no lease where it was a dry run', async () => {
    const at = bench();
    const input = '{"workload":"shop","reason":"practice","requestedBy":"Mina","dryRun":true}';
    await at.close(ended({ input }));
    expect(at.ledger.finished[0]?.release).toBeNull();
    expect(at.announcer.messages[0]?.subject).toBe('[Pilotlight] Shop: dry run, nothing was changed');
  });

  it('is told all the same where nothing of the world can be read', async () => {
    const at = bench();
    at.routes.read = () => Promise.reject(unavailable('GetKey'));
    at.pipeline.find = () => new Promise(() => undefined);
    await at.close(ended());
    const text = at.announcer.messages[0]!.text;
    expect(text).toContain('Where the users are could not be read (GetKey failed: got HTTP 503.');
    expect(text).toContain('Whether a pipeline run still goes could not be read (no answer within 20 s)');
    expect(at.ledger.finished[0]?.release).toMatchObject({ disarms: false });
    expect(at.ledger.finished[0]?.release?.cooldownUntil).toBe(1_772_447_465_000);
  });
});

describe('close-run: what still costs', () => {
  const wokenByRun = (name: string) =>
    recordOf(null, {
      wanted: 'awake',
      by: { kind: 'run', name },
      at: '2026-03-02T10:00:00.000Z',
      why: 'outage',
    });
  const parkedBench = (route: Route | null, by = 'run-1') => {
    const at = bench(route, parkedConfig());
    at.records.record = wokenByRun(by);
    at.power.states = allOf('running');
    return at;
  };

  it('has the pipeline run cancelled, so that whoever goes on finds the state free', async () => {
    const at = bench();
    at.pipeline.runs.set('run-1', pipelineRun({ state: 'running' }));
    await at.close(ended());
    expect(at.pipeline.cancelled).toEqual([500]);
  });

  it('tells where it could not be cancelled', async () => {
    const at = bench();
    at.pipeline.runs.set('run-1', pipelineRun({ state: 'running' }));
    at.pipeline.cancel = () => Promise.reject(unavailable('Azure DevOps Update Build'));
    expect(await at.close(ended())).toMatchObject({ closed: true });
    expect(at.announcer.messages[0]?.text).toContain(
      'The pipeline run could not be cancelled (CloudUnavailable: Azure DevOps Update Build failed',
    );
  });

  it('cancels nothing for a run that has recorded itself: its own steps have done it', async () => {
    const at = bench();
    await at.close(ended());
    at.pipeline.runs.set('run-1', pipelineRun({ state: 'running' }));
    await at.close(ended({ status: 'FAILED', error: 'NobodyWasTold' }));
    expect(at.pipeline.cancelled).toEqual([]);
  });

  it('parks what the run has woken where users are on the primary', async () => {
    const at = parkedBench(null);
    await at.close(ended());
    expect(at.power.asked).toEqual(['stop gateway', 'stop cluster', 'stop database']);
    expect(at.records.record).toMatchObject({ wanted: 'parked', by: { kind: 'run', name: 'run-1' } });
    expect(at.announcer.messages[0]?.text).toContain('The standby is parked again: application gateway');
  });

  it.each([
    ['users see the page', shield, 'run-1'],
    ['another run has woken it', null, 'run-2'],
  ])('leaves it awake where %s', async (_where, route, by) => {
    const at = parkedBench(route, by);
    await at.close(ended());
    expect([at.power.asked, at.records.record?.wanted]).toEqual([[], 'awake']);
  });

  it('tells where it could not be parked', async () => {
    const at = parkedBench(null);
    at.power.refusal = unavailable('ARM Get');
    expect(await at.close(ended())).toMatchObject({ closed: true });
    expect(at.announcer.messages[0]?.text).toContain(
      'The standby could not be parked again (CloudUnavailable',
    );
  });
});

describe('close-run: once', () => {
  it('leaves a run alone that has recorded itself, and one that it has closed before', async () => {
    const at = bench();
    await at.close(ended());
    expect(await at.close(ended())).toEqual({
      closed: false,
      detail: 'it has closed itself: its record stands',
    });
    expect(at.announcer.messages).toHaveLength(1);
    expect(at.ledger.finished).toHaveLength(1);
  });

  it('tells of a recorded run of which nobody was told, and keeps its record', async () => {
    const at = bench();
    await at.close(ended());
    await at.close(ended({ status: 'FAILED', error: 'NobodyWasTold' }));
    expect(at.announcer.messages).toHaveLength(2);
    expect(at.ledger.finished).toHaveLength(1);
  });

  it('writes no record while people cannot be told: the next try tells them', async () => {
    const at = bench();
    at.announcer.failure = unavailable('SNS Publish');
    expect((await refusalOf(at.close(ended()))).name).toBe('CloudUnavailable');
    expect(at.ledger.finished).toEqual([]);
  });

  it('does nothing about a run that was refused at the door, and refuses what is no such event', async () => {
    const at = bench();
    expect(await at.close(ended({ status: 'FAILED', input: '{}' }))).toMatchObject({ closed: false });
    expect(at.announcer.messages).toEqual([]);
    expect((await refusalOf(at.close({ source: 'aws.s3' }))).name).toBe('InvalidInput');
  });
});

describe('close-run: for a run whose record could not be written', () => {
  it('writes a short one under its own outcome and gives the lease back; the workflow tells people', async () => {
    const at = bench({ ...shield, origin: 'standby', standbyServed: true });
    expect(await at.close({ run, outcome: { name: 'FailedOver' } })).toEqual({
      closed: true,
      detail: 'a short record was written, and the lease was given back',
    });
    expect(at.announcer.messages).toEqual([]);
    expect(at.ledger.finished).toMatchObject([
      {
        record: { outcome: 'FailedOver', rto: null },
        release: { epoch: null, status: 'DONE', disarms: true },
      },
    ]);
  });

  it('touches no lease where there was nothing to do', async () => {
    const at = bench(null);
    await at.close({ run, outcome: { name: 'NothingToDo' } });
    expect(at.ledger.finished[0]?.release).toBeNull();
  });
});
