import type { Execution } from '../engine/executions.ts';
import { judge, type Evidence, type RuleResult } from '../rules/rule.ts';
import { checkRules } from '../rules/rules.ts';
import { measureRto, type FleetSummary } from './summary.ts';

/** One workload of a fleet, after the drill. */
export interface FleetPart {
  readonly workload: string;
  readonly priority: number;
  readonly main: Execution | null;
  readonly evidence: Evidence;
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

const movedAt = ({ evidence }: FleetPart): number | null =>
  evidence.routeWrites.find(({ origin }) => origin === 'standby')?.at ?? null;

export function summariseFleet(parts: readonly FleetPart[]): FleetSummary {
  const rtos = parts
    .flatMap(({ main, evidence }) => (main === null ? [] : (measureRto(evidence, main)?.totalSeconds ?? [])))
    .toSorted((one, other) => one - other);
  const first = rtos[0] ?? null;
  const last = rtos.at(-1) ?? null;
  const order = parts
    .flatMap((part) => {
      const at = movedAt(part);
      return at === null ? [] : [{ id: part.workload, at }];
    })
    .toSorted((one, other) => one.at - other.at);
  return {
    workloads: parts.length,
    moved: parts.filter(({ evidence }) => evidence.routeWrites.at(-1)?.origin === 'standby').length,
    firstRtoSeconds: first === null ? null : rounded(first, 3),
    lastRtoSeconds: last === null ? null : rounded(last, 3),
    ratio: first === null || last === null ? null : rounded(last / first, 2),
    order: order.map(({ id }) => id),
  };
}

/** The rules that hold for one workload hold for each of a fleet. */
export function fleetRules(parts: readonly FleetPart[]): readonly RuleResult[] {
  const broken = parts.flatMap(({ workload, evidence }) =>
    checkRules(evidence)
      .filter(({ held }) => !held)
      .map(({ name, detail }) => `${workload}: ${name}: ${detail}`),
  );
  return [judge('every-workload', broken, `all rules hold for each of ${parts.length} workloads`)];
}
