import * as z from 'zod';

/*
 * Whether the three resources of a parked standby run, and what is to be done so that they do, or do not. Decided on the states
 * that the resources tell of themselves: an operation may say Succeeded while nothing is done (NotLatestOperation).
 */

/** The resources that are stopped while a standby is parked, in the order in which they are told of. */
export const powerResources = ['gateway', 'cluster', 'database'] as const;
export type PowerResource = (typeof powerResources)[number];

export const resourceWords: Readonly<Record<PowerResource, string>> = {
  gateway: 'application gateway',
  cluster: 'kubernetes cluster',
  database: 'database',
};

/** `failed`: it is there and its last change went wrong. `unknown`: it could not be asked. */
export const powerStates = [
  'running',
  'starting',
  'stopped',
  'stopping',
  'failed',
  'missing',
  'unknown',
] as const;
export type PowerState = (typeof powerStates)[number];

/** One resource as it tells of itself, with its own words. */
export interface PowerView {
  readonly state: PowerState;
  readonly detail: string;
}
export type PowerLook = Readonly<Record<PowerResource, PowerView>>;

/** What came of asking a resource to start or to stop. `final`: a repetition changes nothing. */
export type Asked =
  | { readonly accepted: true; readonly operation: string | null }
  | { readonly accepted: false; readonly final: boolean; readonly detail: string };

/** How an operation that was accepted goes, as far as it says; only its failure is believed. */
export type OperationState =
  | { readonly kind: 'going' | 'done' | 'unknown' }
  | { readonly kind: 'failed'; readonly detail: string; readonly final: boolean };

/** Starts and stops the standby's machinery. Everything here may be asked again. */
export interface StandbyPower {
  /** All three, side by side; what cannot be asked is `unknown`. @throws CloudRefused where we may not look */
  look(): Promise<PowerLook>;
  start(resource: PowerResource): Promise<Asked>;
  stop(resource: PowerResource): Promise<Asked>;
  operation(resource: PowerResource, operation: string): Promise<OperationState>;
}

/** What a wake has come to with one resource, carried from look to look. Moments are ISO 8601. */
const wakingSchema = z.object({
  resource: z.enum(powerResources),
  state: z.enum(powerStates),
  detail: z.string(),
  /** When it was last asked to start, and by which operation that can be followed. */
  askedAt: z.iso.datetime().nullable(),
  operation: z.string().nullable(),
  /** Starts that were accepted and came to nothing. */
  failures: z.int().min(0),
  /** Why it will not start; null where it may still. */
  refusal: z.string().nullable(),
});
export type Waking = z.infer<typeof wakingSchema>;

export const wakeSchema = z.object({
  state: z.enum(['awake', 'waking', 'refused', 'too-slow']),
  detail: z.string(),
  resources: z.array(wakingSchema),
});
export type Wake = z.infer<typeof wakeSchema>;

/** Starts that are accepted and come to nothing are not believed for ever: an allocation that fails fails again. */
export const WAKE_FAILURES_MAX = 2;

/** What the next step with one resource is. */
export type WakeStep = 'nothing' | 'wait' | 'start' | 'follow';

/**
 * What to do about a resource that shall run. `follow`: it was asked before and is stopped all the same, so either the start has
 * not shown yet, or it has failed, which only its operation knows.
 */
export function wakeStep({ state }: PowerView, before: Waking | undefined): WakeStep {
  if (state === 'running' || state === 'missing') return 'nothing';
  if (state === 'starting' || state === 'stopping' || state === 'unknown') return 'wait';
  return before?.operation == null ? 'start' : 'follow';
}

/** One line for each resource that does not run. */
export const wakeText = (resources: readonly Waking[]): string =>
  resources
    .filter(({ state }) => state !== 'running')
    .map(({ resource, detail, refusal }) => `${resourceWords[resource]}: ${refusal ?? detail}`)
    .join('; ');

/** What the look says of all three together. @param lateSeconds how long the wake has taken, where that is too long */
export function judgeWake(
  resources: readonly Waking[],
  late: { readonly seconds: number; readonly limitSeconds: number },
): Wake {
  if (resources.every(({ state }) => state === 'running'))
    return { state: 'awake', detail: 'all three run', resources: [...resources] };
  const detail = wakeText(resources);
  if (resources.some(({ refusal }) => refusal !== null))
    return { state: 'refused', detail, resources: [...resources] };
  const isLate = late.seconds > late.limitSeconds;
  const lateText = `not awake after ${Math.round(late.seconds)} s, the limit is ${late.limitSeconds} s (standby.parked.wakeSeconds): ${detail}`;
  return isLate
    ? { state: 'too-slow', detail: lateText, resources: [...resources] }
    : { state: 'waking', detail, resources: [...resources] };
}

/** Whether every resource is stopped, or was never built: nothing but disks costs money. */
export const isParked = (look: PowerLook): boolean =>
  powerResources.every((resource) => ['stopped', 'missing'].includes(look[resource].state));

/** Resources that run or are about to; a failed one may cost as much. */
export const awakeOf = (look: PowerLook): readonly PowerResource[] =>
  powerResources.filter((resource) => ['running', 'starting', 'failed'].includes(look[resource].state));

/** Each resource with its own words, in one line. */
export const powerText = (look: PowerLook): string =>
  powerResources.map((resource) => `${resourceWords[resource]} ${look[resource].detail}`).join(', ');
