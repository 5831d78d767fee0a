import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../core/config/read.ts';
import type { Config } from '../../core/config/schema.ts';
import { runDrill, type DrillOrder, type DrillResult } from '../../drill/drill.ts';
import type { Execution } from '../../drill/engine/executions.ts';
import type { DrillReport } from '../../drill/report/summary.ts';
import type { AcceptedWrite, Evidence, RouteWrite } from '../../drill/rules/rule.ts';
import { readScenario } from '../../drill/scenario.ts';
import type { UserRequest } from '../../drill/world/users.ts';

export const REPOSITORY = path.join(import.meta.dirname, '../..');

/** The moment of the fault in all literal evidence. Milliseconds since the Unix epoch. */
export const FAULT_AT = Date.parse('2026-03-01T03:05:00.000Z');

/** So many seconds after the fault. */
export const after = (seconds: number): number => FAULT_AT + seconds * 1000;

/** The configuration that is shipped. */
export const shipped = (): Config =>
  readConfig(readFileSync(path.join(REPOSITORY, 'pilotlight.config.yaml'), 'utf8'));

/** Runs a scenario of the repository with the configuration that is shipped. */
export const runScenario = (
  name: string,
  seed: number,
  changes: Partial<DrillOrder> = {},
): Promise<DrillResult> => runDrill({ name, seed, config: shipped(), ...readScenario(name), ...changes });

/** An execution that went through these states, one a second, and ended well. */
export const executionOf = (changes: Partial<Execution> = {}): Execution => ({
  name: 'run-1',
  input: { source: 'aws.cloudwatch' },
  startedAt: after(100),
  states: [
    { name: 'Begin', at: after(100) },
    { name: 'Raise the shield', at: after(110) },
    { name: 'Look again at the primary', at: after(700) },
    { name: 'Failed over', at: after(730) },
  ],
  transitions: 4,
  endedAt: after(730),
  error: null,
  cause: null,
  output: null,
  stopped: null,
  ...changes,
});

/** A move to the shield while the primary is down. */
export const routeWriteOf = (changes: Partial<RouteWrite> = {}): RouteWrite => ({
  at: after(112),
  origin: 'maintenance',
  percentOnStandby: changes.origin === 'standby' ? 100 : 0,
  percentOnPrimary: changes.origin === 'primary' ? 100 : 0,
  by: 'run-1',
  epoch: 1,
  change: 0,
  standbyWasFit: false,
  primaryWasUp: false,
  ...changes,
});

export const writeOf = (id: number, seconds: number): AcceptedWrite => ({ id, at: after(seconds) });

/** A read that the primary served. */
export const requestOf = (seconds: number, changes: Partial<UserRequest> = {}): UserRequest => ({
  at: after(seconds),
  experience: 'served',
  servedBy: 'primary',
  writeId: null,
  location: 'ICN-1',
  ...changes,
});

/** A failover as it should be; every rule holds in it. */
export const evidenceOf = (changes: Partial<Evidence> = {}): Evidence => ({
  executions: [executionOf()],
  startsOn: 'primary',
  routeWrites: [
    routeWriteOf(),
    routeWriteOf({ at: after(705), origin: 'standby', epoch: 2, standbyWasFit: true }),
  ],
  primaryWrites: [writeOf(1, -10), writeOf(2, -1)],
  standbyWrites: [writeOf(3, 710), writeOf(4, 720)],
  data: {
    mode: 'ship',
    beats: [
      { storedAt: after(-9), wholeUntil: after(-10) },
      { storedAt: after(1), wholeUntil: after(0) },
    ],
    dumps: [{ storedAt: after(-270), at: after(-300) }],
    applied: [1, 2],
    openedAt: after(704),
    onPrimary: [1, 2],
    shieldedAt: [after(140)],
  },
  requests: [],
  measurements: 0,
  leaseHolder: null,
  announcements: ['PetClinic failed over. Execution run-1'],
  recordedExecutions: ['run-1'],
  unexpectedCalls: [],
  executionSecondsMax: 10_800,
  ...changes,
});

/** The report of that failover. */
export const reportOf = (changes: Partial<DrillReport> = {}): DrillReport => ({
  scenario: 'region-outage',
  seed: 7,
  workload: 'petclinic',
  outcome: 'FailedOver',
  rto: {
    totalSeconds: 717.5,
    phases: { detect: 98, confirm: 10, shield: 2, prepare: 588, switch: 5, converge: 14.5 },
  },
  convergence: null,
  limit: null,
  gateway: null,
  data: {
    mode: 'ship',
    recoveryPoint: '2026-03-01T03:04:53.000Z',
    promisedLossSeconds: 6.4,
    lostSeconds: 5.9,
  },
  users: {
    requests: 4000,
    failed: 550,
    maintenance: 3000,
    downSeconds: 716,
    writesLost: 12,
    splitBrainWrites: 0,
  },
  rules: [
    { name: 'one-writer', held: true, detail: '2 writes on the primary, then 2 on the standby' },
    { name: 'known-calls-only', held: false, detail: 'nobody: GET https://example.com/' },
  ],
  timeline: [{ at: '2026-03-01T03:05:00.000Z', event: 'world: ap-northeast-2 stops answering' }],
  states: ['Begin', 'Failed over'],
  ...changes,
});
