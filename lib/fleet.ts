import { createHash } from 'node:crypto';

/**
 * Which of `count` places a workload stands in, by its id alone: 0 to count - 1. Another workload that comes or goes moves
 * nobody, and neither does the order in the file. SHA-256, because similar ids (site1, site2) must spread evenly.
 */
export const placeOf = (workloadId: string, count: number): number =>
  createHash('sha256').update(workloadId).digest().readUInt32BE(0) % count;

/**
 * Into so many stacks the alarms of a Region are split. A stack holds 500 resources and a workload needs up to 5 in one
 * Region, so 16 hold about 1,000 workloads, unevenly as they fall. Never change it: whoever then stands in another stack
 * would have its alarms deleted and made anew under the same names.
 */
const SHARDS = 16;

/** The shard of a workload's alarms, as it stands in the names of stacks: 00 to 15. */
export const shardOf = (workloadId: string): string => String(placeOf(workloadId, SHARDS)).padStart(2, '0');
