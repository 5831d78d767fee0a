import type { Clock } from '../core/ports.ts';
import type { Run } from '../core/run/run.ts';
import { recordOf, type ParkedRecords } from '../core/standby/parked.ts';
import {
  awakeOf,
  powerResources,
  resourceWords,
  WAKE_FAILURES_MAX,
  wakeStep,
  type PowerLook,
  type PowerResource,
  type PowerView,
  type StandbyPower,
  type Waking,
} from '../core/standby/power.ts';

import { iso } from './step-input.ts';

/* What runs, people and the standing look do alike to a parked standby. */

interface Order {
  readonly resource: PowerResource;
  readonly view: PowerView;
  readonly before: Waking | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** Does the next step with one resource that shall run. */
export async function wakeOne(power: StandbyPower, order: Order): Promise<Waking> {
  const { resource, view, before } = order;
  const known: Waking = {
    ...{ resource, ...view },
    askedAt: before?.askedAt ?? null,
    operation: before?.operation ?? null,
    failures: before?.failures ?? 0,
    refusal: view.state === 'missing' ? 'it was never built' : null,
  };
  switch (wakeStep(view, before)) {
    case 'nothing':
    case 'wait':
      return known;
    case 'start':
      return ask(power, order, known);
    case 'follow':
      return follow(power, order, known);
  }
}

async function ask(power: StandbyPower, { resource, now, view }: Order, known: Waking): Promise<Waking> {
  const asked = await power.start(resource);
  if (asked.accepted)
    return {
      ...known,
      askedAt: now,
      operation: asked.operation,
      detail: `asked to start, was ${view.detail}`,
    };
  return asked.final
    ? { ...known, refusal: asked.detail }
    : { ...known, detail: `${view.detail}, not asked yet: ${asked.detail}` };
}

/** It was asked to start and is stopped: not begun yet, or come to nothing, which only the operation tells. */
async function follow(power: StandbyPower, order: Order, known: Waking): Promise<Waking> {
  const state = await power.operation(order.resource, known.operation ?? '');
  if (state.kind === 'going') return known;
  const failures = known.failures + 1;
  const why = state.kind === 'failed' ? state.detail : 'Azure does not say why';
  if ((state.kind === 'failed' && state.final) || failures >= WAKE_FAILURES_MAX)
    return {
      ...known,
      failures,
      refusal: `started ${failures} times and is ${order.view.detail} again: ${why}`,
    };
  return ask(power, order, { ...known, failures, operation: null });
}

/** Starts whatever is stopped, side by side, for a person: whoever asked looks at it again. @returns what came of it, in a line */
export async function startAll(power: StandbyPower, look: PowerLook): Promise<string> {
  const stopped = powerResources.filter((resource) => ['stopped', 'failed'].includes(look[resource].state));
  const told = await Promise.all(
    stopped.map(async (resource) => {
      const asked = await power.start(resource);
      const word = resourceWords[resource];
      return asked.accepted ? `${word}: is being started` : `${word}: not started (${asked.detail})`;
    }),
  );
  return told.join(', ');
}

/** Stops whatever runs, side by side. What is still starting cannot be stopped yet, and is left to the standing look. @returns what came of it, in a line */
export async function parkAll(power: StandbyPower, look: PowerLook): Promise<string> {
  const told = await Promise.all(
    awakeOf(look).map(async (resource) => {
      const asked = await power.stop(resource);
      const word = resourceWords[resource];
      return asked.accepted ? `${word}: is being stopped` : `${word}: not stopped yet (${asked.detail})`;
    }),
  );
  return told.length === 0 ? 'everything is stopped, or on its way' : told.join(', ');
}

export interface ParkDeps {
  readonly clock: Clock;
  readonly power: (workload: string) => StandbyPower;
  readonly records: ParkedRecords;
}

/** Stops what a run has woken. First what is wanted is kept: whatever cannot be stopped now is stopped by the standing look. @returns what came of it, in a line */
export async function parkForRun(deps: ParkDeps, { workload, execution }: Run, why: string): Promise<string> {
  const by = { kind: 'run', name: execution } as const;
  await deps.records.change(workload, (before) =>
    recordOf(before, { wanted: 'parked', by, at: iso(deps.clock.now()), why }),
  );
  const power = deps.power(workload);
  return parkAll(power, await power.look());
}
