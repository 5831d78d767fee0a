import type { DataPolicy } from '../config/data-schema.ts';
import { ageSecondsOf, proofFault, type DataReport } from './report.ts';

/** What may be wrong with the data of a workload; each is an alarm. */
export type DataFault =
  /** Nobody knows the recovery point. */
  | 'unknown'
  /** It is older than the policy allows a failover to lose without a question. */
  | 'tooOld'
  /** The newest try to make a dump failed. */
  | 'dumpFailed'
  /** The newest restore for proof was bad, or is too long ago. */
  | 'unproven';

/** Whether there is anything to measure: a site that replicates by its own means may tell nobody. */
export const isMeasured = (data: DataPolicy): boolean => data.mode !== 'none' || data.probe !== undefined;

/** What is wrong with the data of a workload now. @param now milliseconds since the Unix epoch */
export function faultsOf(data: DataPolicy, report: DataReport, now: number): readonly DataFault[] {
  const age = ageSecondsOf(report, now);
  const faults: DataFault[] = age === null ? ['unknown'] : [];
  if (data.mode === 'none') return faults;
  if (age !== null && age > data.maxLossSeconds) faults.push('tooOld');
  if (report.dumpFault !== null) faults.push('dumpFailed');
  // Where no log is promised the primary's side need not speak of itself.
  const speaks = data.mode === 'ship' || report.heardAt !== null;
  if (speaks && proofFault(report, now) !== null) faults.push('unproven');
  return faults;
}
