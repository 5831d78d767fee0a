import * as z from 'zod';
import { originIds, type OriginId } from '../route/route.ts';

/** The response header by which the edge says which origin answered. */
export const ORIGIN_HEADER = 'x-pilotlight-origin';

/** One HTTP question, and what a good answer to it looks like. */
export const probeTargetSchema = z.strictObject({
  about: z.enum(['primary', 'standby', 'edge']),
  url: z.url({ protocol: /^https?$/ }),
  /** The status that a good answer has; the shield's page is a 503 on purpose. Left out, any status is good. */
  status: z.int().min(100).max(599).optional(),
  /** Text that the body of a good answer contains; an origin that answers 200 with an error page is not good. */
  contains: z.string().min(1).optional(),
  /** The origin that the text of `contains` stands for, where an origin cannot name itself in a header. */
  identifies: z.enum(originIds).optional(),
  /** Text by which the maintenance page is known where nothing names it: an answer with it comes from there. */
  page: z.string().min(1).optional(),
  timeoutMs: z.int().positive(),
});
export type ProbeTarget = z.infer<typeof probeTargetSchema>;

/** More would not end within the time of the function that asks. */
export const TARGETS_MAX = 50;

/** What a place is asked: by the number that it must say again, so that no answer is taken for that of another question. */
export const probeQuestionSchema = z.strictObject({
  asked: z.number(),
  /** Whether a new connection is made for it, name, certificate and all; otherwise one that is open serves. */
  fresh: z.boolean().default(true),
  targets: z.array(probeTargetSchema).min(1).max(TARGETS_MAX),
});

/** What one probe saw. */
export const probeAnswerSchema = z.strictObject({
  observation: z.enum(['good', 'bad', 'unknown']),
  status: z.int().nullable(),
  origin: z.enum(originIds).nullable(),
  detail: z.string(),
});
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;

/** What a place answers: the number of the question, its own clock (milliseconds since the Unix epoch), an answer a target. */
export const probeReplySchema = z.strictObject({
  asked: z.number(),
  at: z.number(),
  answers: z.array(probeAnswerSchema),
});
export type ProbeReply = z.infer<typeof probeReplySchema>;

/** The absence of evidence: the place, not the target, had a fault. */
export const unknownAnswer = (detail: string): ProbeAnswer => ({
  observation: 'unknown',
  status: null,
  origin: null,
  detail,
});

/** What came back over HTTP, or the words of the network error. */
export type HttpOutcome =
  | { readonly status: number; readonly originHeader: string | null; readonly body: string }
  | { readonly networkError: string };

const isOriginId = (text: string | null): text is OriginId =>
  text !== null && (originIds as readonly string[]).includes(text);

/**
 * CloudFront shows the maintenance page with these codes when it reaches no origin, shield or not. Source:
 * lib/constructs/edge/error-responses.ts.
 */
const NOBODY_ANSWERED: readonly number[] = [502, 504];

function originOf(
  target: ProbeTarget,
  { status, originHeader, body }: Exclude<HttpOutcome, { networkError: string }>,
): OriginId | null {
  if (isOriginId(originHeader)) return originHeader;
  const isPage = target.page !== undefined && body.includes(target.page);
  return isPage && !NOBODY_ANSWERED.includes(status) ? 'maintenance' : null;
}

/** Decides whether what came back is the good answer that the target asks for. */
export function judgeProbe(target: ProbeTarget, outcome: HttpOutcome): ProbeAnswer {
  if ('networkError' in outcome) {
    return { observation: 'bad', status: null, origin: null, detail: outcome.networkError };
  }
  const origin = originOf(target, outcome);
  const seen = { status: outcome.status, origin };
  if (target.status !== undefined && outcome.status !== target.status) {
    return { ...seen, observation: 'bad', detail: `answered ${outcome.status}, expected ${target.status}` };
  }
  if (target.contains !== undefined && !outcome.body.includes(target.contains)) {
    return { ...seen, observation: 'bad', detail: `answered ${outcome.status} without "${target.contains}"` };
  }
  const named = { ...seen, origin: origin ?? target.identifies ?? null };
  return { ...named, observation: 'good', detail: `answered ${outcome.status}` };
}
