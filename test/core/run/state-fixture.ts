import { workflowStateSchema, type WorkflowState } from '../../../core/run/state.ts';

export const RUN = {
  execution: 'execution-1',
  workload: 'petclinic',
  startedAt: '2026-11-22T03:02:00.000Z',
  trigger: 'alarm',
  reason: 'alarm pilotlight-petclinic-edge-5xx in us-east-1: over 25',
  requestedBy: 'CloudWatch',
  skipConfirmation: false,
  dryRun: false,
  planned: false,
  workflow: 'failover',
} as const;

export const SIGNALS = [{ source: 'probe:primary:ap-northeast-1', observation: 'bad' }];

const verified = (firstGoodAt: string, convergedAt: string): Record<string, unknown> => ({
  firstGoodAt,
  convergedAt,
  firstPlaceSeconds: 20,
  lastPlaceSeconds: 30,
  places: [
    { place: 'ap-southeast-1', seconds: 20 },
    { place: 'us-west-2', seconds: 30 },
  ],
});

/** The world as the last look read it. */
export const worldOf = (
  origin: string,
  { by = 'execution-1', run = null }: { by?: string | null; run?: unknown } = {},
): unknown => ({
  value: { route: { known: true, origin, percentOnStandby: 0, by }, pipeline: { known: true, run } },
});

/** What a run carries that went all the way: the outage at 03:00:00, the first good answer at 03:20:00. */
export const wholeState = (): Record<string, unknown> => ({
  run: RUN,
  outcome: { name: 'FailedOver' },
  lease: { value: { taken: true, epoch: 4 } },
  confirmation: {
    value: {
      verdict: 'outage',
      summary: '4 of 6 signals bad',
      since: '2026-11-22T03:00:00.000Z',
      decidedAt: '2026-11-22T03:02:15.000Z',
      signals: SIGNALS,
    },
  },
  shield: { value: { origin: 'maintenance', movedAt: '2026-11-22T03:02:16.000Z' } },
  prepared: {
    standby: { checkedAt: '2026-11-22T03:19:00.000Z' },
    shield: verified('2026-11-22T03:02:30.000Z', '2026-11-22T03:04:00.000Z'),
  },
  switched: { value: { origin: 'standby', movedAt: '2026-11-22T03:19:30.000Z' } },
  world: worldOf('standby'),
  verified: { value: verified('2026-11-22T03:20:00.000Z', '2026-11-22T03:20:10.000Z') },
});

/** A state with these parts; a part that is `undefined` is taken out of the whole. */
export function stateWith(
  parts: Readonly<Record<string, unknown>>,
  base: Record<string, unknown> = wholeState(),
): WorkflowState {
  return workflowStateSchema.parse({ ...base, ...parts });
}

/** A state of a run that had only begun. */
export const begunState = (outcome: string, parts: Readonly<Record<string, unknown>> = {}): WorkflowState =>
  stateWith(parts, { run: RUN, outcome: { name: outcome } });
