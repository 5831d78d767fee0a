import * as z from 'zod';
import { runOrdersSchema } from '../ledger/orders.ts';
import { originIds, type Route } from '../route/route.ts';
import type { PipelineRun } from '../standby/pipeline.ts';
import type { Run } from './run.ts';

/*
 * Where the users are and what still runs, as it was read when the run came to its end. A step that failed may have had its
 * effect all the same, so what people are told is read from the world and never from what the steps reported.
 */

const unknownSchema = z.object({ known: z.literal(false), detail: z.string() });

export const worldSchema = z.object({
  route: z.discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      origin: z.enum(originIds),
      /** The share of the users that is on the standby while the others are on `origin`. Percent. */
      percentOnStandby: z.number(),
      /** The share that went home before the others; missing where none did. Percent. */
      percentOnPrimary: z.number().optional(),
      /** Who wrote the route; null where nobody ever did. */
      by: z.string().nullable(),
    }),
    unknownSchema,
  ]),
  pipeline: z.discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      /** The pipeline run of this execution; null where it started none. */
      run: z
        .object({ name: z.string(), url: z.string(), state: z.string(), result: z.string().nullable() })
        .nullable(),
    }),
    unknownSchema,
  ]),
  /** What people told the run; missing where they told it nothing, or where that could not be read. */
  orders: runOrdersSchema.optional().catch(undefined),
});
export type World = z.infer<typeof worldSchema>;

/** The route as a reader needs it; a store without a route serves the primary. */
export const seenRoute = (route: Route | null): World['route'] => ({
  known: true,
  origin: route?.origin ?? 'primary',
  percentOnStandby: route?.canary?.origin === 'standby' ? route.canary.percent : 0,
  ...(route?.canary?.origin === 'primary' ? { percentOnPrimary: route.canary.percent } : {}),
  by: route?.by ?? null,
});

/** The pipeline run as a reader needs it. */
export const seenPipeline = (found: PipelineRun | null): World['pipeline'] => ({
  known: true,
  run: found === null ? null : { name: found.name, url: found.url, state: found.state, result: found.result },
});

/** Whether everybody is on that origin, as far as the world could be read. */
export const everybodyIsOn = (world: World | undefined, origin: 'primary' | 'standby'): boolean =>
  world?.route.known === true &&
  world.route.origin === origin &&
  world.route.percentOnStandby + (world.route.percentOnPrimary ?? 0) === 0;

/** Where the users are, in a sentence; where it could not be read it says so, and what to look at. */
export function routeText(world: World | undefined, run: Run, wasRaisedAgain: boolean): string {
  const route = world?.route ?? { known: false, detail: 'nothing was looked at' };
  if (!route.known) {
    return `Where the users are could not be read (${route.detail}): look first, with "pilotlight status ${run.workload}".`;
  }
  const home = route.percentOnPrimary ?? 0;
  const [percent, side] = home > 0 ? [home, 'primary'] : [route.percentOnStandby, 'standby'];
  if (percent > 0) {
    const others = route.origin === 'maintenance' ? 'see the maintenance page' : `are on the ${route.origin}`;
    return `${percent} % of the users are on the ${side}, the others ${others}.`;
  }
  if (route.origin !== 'maintenance') return `Users are on the ${route.origin}${sinceWhom(route.by, run)}.`;
  if (route.by === run.execution) {
    return `Users see the maintenance page: ${wasRaisedAgain ? 'the shield was raised again' : 'the shield stays up'}.`;
  }
  return `Users see the maintenance page: ${route.by ?? 'somebody else'} left the shield up, and it stays.`;
}

/** A route that this run did not write is somebody else's doing, which a reader must know. */
const sinceWhom = (by: string | null, run: Run): string =>
  by === null || by === run.execution ? '' : `; ${by} moved them there`;

/** What still runs and costs, in sentences; nothing where this execution started no pipeline run. */
export function pipelineText(world: World | undefined): string[] {
  const pipeline = world?.pipeline ?? { known: false, detail: 'nothing was looked at' };
  if (!pipeline.known) {
    return [
      `Whether a pipeline run still goes could not be read (${pipeline.detail}): look at it in Azure DevOps, or in the container job: it costs ` +
        'money until somebody stops it.',
    ];
  }
  const { run } = pipeline;
  if (run === null) return [];
  if (run.state === 'canceling') return [`The pipeline run ${run.name} is being cancelled: ${run.url}`];
  if (run.state !== 'completed') {
    return [
      `The pipeline run ${run.name} still goes and costs money; stop it unless you want the standby: ${run.url}`,
    ];
  }
  return [
    `The pipeline run ${run.name} has ended (${run.result ?? 'no result'}); what it built stays and costs money until ` +
      'somebody removes it (docs/procedures.md, "Leave no standby behind").',
  ];
}
