import * as z from 'zod';
import type { DataPolicy } from '../config/data-schema.ts';
import { ageText, momentText, promiseText } from './words.ts';
import type { DataReport } from './report.ts';

/* What a failover would lose: the writes that were acknowledged after the recovery point. */

/** What a run knows of its loss. It is carried by the workflow. */
export const lossSchema = z.object({
  /** The recovery point, ISO 8601; null where nobody knows it. */
  point: z.iso.datetime().nullable(),
  lossSeconds: z.number().min(0).nullable(),
  /** Why it is more than it should be, or not known; null where neither is. */
  detail: z.string().nullable(),
  measuredAt: z.iso.datetime(),
  /** What a planned move promises; missing where it is none, or none any more. */
  planned: z
    .object({
      /** How long users will see the page. Seconds. */
      pageSeconds: z.number().min(0),
      /** Why no users may be sent to the page now; null where they may. */
      barrier: z.string().nullable(),
    })
    .optional(),
});
export type Loss = z.infer<typeof lossSchema>;

/** Seconds of writes between a recovery point (ISO 8601) and the last write; rounded up, because a part of one is lost too. */
export const secondsLost = (point: string, endsAt: number): number =>
  Math.max(0, Math.ceil((endsAt - Date.parse(point)) / 1000));

/** What a move would lose by a report. @param endsAt when the last write can have been acknowledged, as `writesEndAt` says */
export function lossOf(report: DataReport, endsAt: number): Loss {
  const { point, detail, measuredAt } = report;
  return {
    point: point?.at ?? null,
    lossSeconds: point === null ? null : secondsLost(point.at, endsAt),
    detail,
    measuredAt,
  };
}

/** Whether automation must not decide this by itself: more than was promised, or nobody knows. */
export function isAboveLimit(policy: DataPolicy, { lossSeconds }: Pick<Loss, 'lossSeconds'>): boolean {
  if (policy.mode === 'none') return false;
  return lossSeconds === null || lossSeconds > policy.maxLossSeconds;
}

/**
 * The loss for people who have to decide, in one sentence.
 * @param what what would lose it, at the beginning of a sentence: "To approve now".
 */
export function lossText(loss: Loss, what: string): string {
  if (loss.planned?.barrier === null) return promiseText(loss.planned.pageSeconds);
  const { point, lossSeconds, detail, measuredAt } = loss;
  const why = detail === null ? '' : `: ${detail}`;
  if (point === null || lossSeconds === null) return `Nobody knows what would be lost${why}.`;
  return `${what} would lose ${ageText(lossSeconds)} of writes (recovery point ${momentText(point, measuredAt)})${why}.`;
}
