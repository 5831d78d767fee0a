import * as z from 'zod';
import { originIds, type OriginId } from '../route/route.ts';
import type { Signal } from './signal.ts';

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
  timeoutMs: z.int().positive(),
});
export type ProbeTarget = z.infer<typeof probeTargetSchema>;

/** What one probe saw. */
export const probeAnswerSchema = z.strictObject({
  observation: z.enum(['good', 'bad', 'unknown']),
  status: z.int().nullable(),
  origin: z.enum(originIds).nullable(),
  detail: z.string(),
});
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;

/** What came back over HTTP, or the words of the network error. */
export type HttpOutcome =
  | { readonly status: number; readonly originHeader: string | null; readonly body: string }
  | { readonly networkError: string };

const isOriginId = (text: string | null): text is OriginId =>
  text !== null && (originIds as readonly string[]).includes(text);

/** Decides whether what came back is the good answer that the target asks for. */
export function judgeProbe(target: ProbeTarget, outcome: HttpOutcome): ProbeAnswer {
  if ('networkError' in outcome) {
    return { observation: 'bad', status: null, origin: null, detail: outcome.networkError };
  }
  const origin = isOriginId(outcome.originHeader) ? outcome.originHeader : null;
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

/** Sums up several rounds of one probe: bad or good only by the majority of the rounds that could be made. */
export function signalOfProbes(
  source: { place: string; about: 'primary' | 'edge'; at: string },
  answers: readonly ProbeAnswer[],
): Signal {
  const count = (observation: ProbeAnswer['observation']): number =>
    answers.filter((answer) => answer.observation === observation).length;
  const bad = count('bad');
  const good = count('good');
  const observation = bad > good ? 'bad' : good > bad ? 'good' : 'unknown';
  const last = answers.findLast((answer) => answer.observation === observation);
  return {
    source: `probe:${source.about}:${source.place}`,
    kind: 'probe',
    about: source.about,
    place: source.place,
    observation,
    at: source.at,
    detail: `${bad} of ${answers.length} rounds bad; ${last?.detail ?? 'no clear answer'}`,
  };
}
