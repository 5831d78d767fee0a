import { workloadOf } from '../core/config/parse.ts';
import type { Config } from '../core/config/schema.ts';
import { correlationIdOf } from '../core/standby/pipeline.ts';
import { azureStandbyOf } from '../core/standby/tier.ts';
import type { RunOrders } from '../core/ledger/orders.ts';
import type { Clock, Log, OrderBook, Pipeline, RouteStore } from '../core/ports.ts';
import type { Run } from '../core/run/run.ts';
import { seenPipeline, seenRoute, type World } from '../core/run/world.ts';

export interface WorldDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly routes: Pick<RouteStore, 'read'>;
  readonly book: Pick<OrderBook, 'read'>;
  readonly pipeline: (workload: string) => Pipeline;
}

/** People wait for the news: what takes longer is said to be unknown. Milliseconds. */
const LOOK_MS = 20_000;

/** Reads the route, the pipeline run of an execution and what people told it, side by side. Never throws: what cannot be read is said to be unknown. */
export async function lookAtWorld(deps: WorldDeps, run: Run): Promise<World> {
  const [route, pipeline, orders] = await Promise.all([
    within(deps, async () => seenRoute((await deps.routes.read(run.workload)).route)),
    within(deps, async () =>
      // Where nothing is in Azure, nothing of it can still run, and nobody there is asked.
      azureStandbyOf(workloadOf(deps.config, run.workload)) === null
        ? seenPipeline(null)
        : seenPipeline(await deps.pipeline(run.workload).find(correlationIdOf(run.execution))),
    ),
    within(deps, () => ordersOf(deps, run)),
  ]);
  return orders === null || 'known' in orders ? { route, pipeline } : { route, pipeline, orders };
}

/** What people told this run. A run on paper holds no lease, so nobody can tell it anything. */
async function ordersOf(deps: WorldDeps, run: Run): Promise<RunOrders | null> {
  if (run.dryRun) return null;
  const orders = (await deps.book.read(run.workload))?.orders;
  return orders?.execution === run.execution && orders.given.length > 0 ? orders : null;
}

type Unknown = Extract<World['route'], { known: false }>;

/** The answer of a look, or why there is none; the look is heard out even where nobody waits for it any more. */
async function within<T>(deps: WorldDeps, look: () => Promise<T>): Promise<T | Unknown> {
  const answered = look().catch((error: unknown): Unknown => {
    const detail = error instanceof Error ? error.message : String(error);
    deps.log.warn('a part of the world could not be read', { detail });
    return { known: false, detail };
  });
  const late = deps.clock
    .sleep(LOOK_MS)
    .then((): Unknown => ({ known: false, detail: `no answer within ${LOOK_MS / 1000} s` }));
  return Promise.race([answered, late]);
}
