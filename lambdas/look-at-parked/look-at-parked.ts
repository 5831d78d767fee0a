import * as z from 'zod';
import { parkedOf } from '../../core/config/parked-schema.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { PilotlightError } from '../../core/errors.ts';
import type { Announcer, Call, Clock, Log, RouteStore } from '../../core/ports.ts';
import {
  judgeParked,
  needlessMessage,
  recordAfter,
  startedByItself,
  type ParkedFacts,
  type ParkedVerdict,
} from '../../core/standby/parked-look.ts';
import type { ParkedRecord, ParkedRecords } from '../../core/standby/parked.ts';
import type { PowerLook, StandbyPower } from '../../core/standby/power.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Standing } from '../adapters/standing.ts';
import type { Step } from '../runtime.ts';
import { parkAll, startAll } from '../wake.ts';

export interface LookAtParkedDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly power: (workload: string) => StandbyPower;
  readonly records: ParkedRecords;
  readonly routes: Pick<RouteStore, 'read'>;
  readonly standing: (workload: string) => Promise<Standing>;
  readonly announcer: Announcer;
}

const orderSchema = z.object({ workload: z.string() });

/** A look is eight small calls: so many workloads side by side stay below what Azure takes of a subscription. */
const AT_ONCE_MAX = 10;
/** What is begun later than this before the end is not finished; the next call begins with another one. Milliseconds. */
const LAST_START_MS = 30_000;
const TICK_MS = 15 * 60_000;

/**
 * Looks at every parked standby, every quarter of an hour: one that is awake without a reason is told of once and, if the policy
 * says so, stopped; what somebody wanted stopped and could not be is stopped now.
 */
export const makeLookAtParked =
  (deps: LookAtParkedDeps): Step =>
  async (raw, call): Promise<{ looked: number }> => {
    const all = parkedIn(deps.config, raw);
    const first = all.length === 0 ? 0 : (Math.floor(deps.clock.now() / TICK_MS) * AT_ONCE_MAX) % all.length;
    const ids = [...all.slice(first), ...all.slice(0, first)];
    let next = 0;
    let looked = 0;
    const work = async (): Promise<void> => {
      for (let id = ids[next]; id !== undefined && hasTime(call); id = ids[next]) {
        next += 1;
        if (await lookInPeace(deps, id)) looked += 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE_MAX, ids.length) }, work));
    if (looked < all.length)
      deps.log.warn('not all parked standbys were looked at', { looked, of: all.length });
    return { looked };
  };

/** All of them for the schedule; the one that a person has said something about, at once. */
function parkedIn(config: Config, raw: unknown): readonly string[] {
  const asked = orderSchema.safeParse(raw);
  const ids = asked.success ? [asked.data.workload] : Object.keys(config.workloads);
  return ids.filter((id) => workloadOf(config, id).standby.tier === 'parked');
}

const hasTime = (call: Call): boolean => call.remainingMs() >= LAST_START_MS;

/** One that cannot be looked at must not keep the others from it. */
async function lookInPeace(deps: LookAtParkedDeps, id: string): Promise<boolean> {
  try {
    await lookAt(deps, id);
    return true;
  } catch (error) {
    if (!(error instanceof PilotlightError)) throw error;
    deps.log.warn('a parked standby could not be looked at', { workload: id, error });
    return false;
  }
}

async function lookAt(deps: LookAtParkedDeps, id: string): Promise<void> {
  const power = deps.power(id);
  const now = deps.clock.now();
  const [look, record, route, isHeld] = await Promise.all([
    power.look(),
    deps.records.read(id),
    routeOf(deps, id),
    heldOf(deps, id, now),
  ]);
  const { whenAwake } = parkedOf(workloadOf(deps.config, id).standby);
  const verdict = judgeParked({ look, record, route, isHeld, whenAwake, now });
  deps.log.info('a parked standby was looked at', { workload: id, verdict });
  const told = await act(deps, id, { power, look, record, verdict });
  await deps.records.change(id, (before) => recordAfter(before, { look, verdict, now, told }));
}

async function routeOf(deps: LookAtParkedDeps, id: string): Promise<ParkedFacts['route']> {
  try {
    return { value: (await deps.routes.read(id)).route };
  } catch (error) {
    deps.log.warn('the route could not be read', { workload: id, error });
    return null;
  }
}

async function heldOf(deps: LookAtParkedDeps, id: string, now: number): Promise<boolean> {
  try {
    const { lease } = await deps.standing(id);
    return lease !== null && lease.holder !== null && lease.expiresAt > now;
  } catch (error) {
    deps.log.warn('the lease could not be read', { workload: id, error });
    return true;
  }
}

/** @returns whether people were told now */
async function act(
  deps: LookAtParkedDeps,
  id: string,
  found: {
    readonly power: StandbyPower;
    readonly look: PowerLook;
    readonly record: ParkedRecord | null;
    readonly verdict: ParkedVerdict;
  },
): Promise<boolean> {
  const { power, look, record, verdict } = found;
  if (verdict.kind === 'wake') {
    deps.log.info('it is woken for a person', { workload: id, detail: await startAll(power, look) });
    return false;
  }
  if (verdict.kind === 'finish') {
    deps.log.info('a parking is finished', { workload: id, detail: await parkAll(power, look) });
    return false;
  }
  if (verdict.kind !== 'needless') return false;
  const parked = verdict.park ? await parkAll(power, look) : null;
  if (!verdict.tell) return false;
  const workload = workloadOf(deps.config, id);
  const { displayName, url } = workload;
  const site = { id, name: displayName, url, group: requireAzureStandby(id, workload).azure.resourceGroup };
  const byItself = startedByItself(look, record, deps.clock.now());
  try {
    const message = needlessMessage(site, { look, byItself, parked });
    await deps.announcer.announce({ ...message, workload: id, outcome: 'Standby' });
    return true;
  } catch (error) {
    deps.log.warn('people could not be told of a standby that is awake', { workload: id, error });
    return false;
  }
}
