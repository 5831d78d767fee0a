import type { Config } from '../../core/config/schema.ts';
import { FAULT_WINDOW_SECONDS, QUIET_SECONDS, START } from '../drill.ts';
import { SeededRandom } from '../random.ts';
import { judge, type RuleResult } from '../rules/rule.ts';
import type { Scenario } from '../scenario.ts';
import { VirtualTime } from '../virtual-time.ts';
import type { UserRequest } from '../world/users.ts';
import { drilledTier } from '../world/standby-side.ts';
import { World } from '../world/world.ts';

/** What users had in one run of a world, from the fault on. */
export interface Had {
  /** Percent of their requests that were served. */
  readonly servedPercent: number;
  readonly requests: number;
  readonly failed: number;
  /** Requests that saw the maintenance page. */
  readonly page: number;
  /** Writes of the route. */
  readonly moves: readonly { readonly origin: string; readonly second: number }[];
  readonly runs: number;
}

/** The same world with the controller and without it. */
export interface Harm {
  readonly scenario: string;
  readonly tier: NonNullable<Scenario['tier']>;
  readonly seed: number;
  readonly minutes: number;
  readonly controller: Had;
  readonly nothing: Had;
  /** Percentage points that users gained by the controller; negative is harm. */
  readonly gainedPoints: number;
  readonly rule: RuleResult;
}

export interface HarmOrder {
  readonly name: string;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly config: Config;
  readonly minutes: number;
}

/** Users may be so much worse off than with nothing, for a shield that goes up just before the primary is back. Points. */
const HARM_POINTS_MAX = 1;

const points = (value: number): number => Math.round(value * 100) / 100;

function hadOf(world: World, requests: readonly UserRequest[], faultAt: number): Had {
  const count = (experience: UserRequest['experience']): number =>
    requests.filter((request) => request.experience === experience).length;
  const { routeWrites, executions } = world.evidence();
  return {
    servedPercent: points((100 * count('served')) / Math.max(1, requests.length)),
    requests: requests.length,
    failed: count('failed'),
    page: count('maintenance'),
    moves: routeWrites.map(({ origin, at }) => ({ origin, second: Math.round((at - faultAt) / 1000) })),
    runs: executions.length,
  };
}

/** Runs a world for so long after the fault, whether or not anything still goes on in it. */
async function live(order: HarmOrder, idle: boolean): Promise<Had> {
  const random = new SeededRandom(order.seed);
  const libraries = random.fork('libraries');
  const time = new VirtualTime(START, () => libraries.next());
  try {
    const world = new World({ ...order, random, idle });
    const faultAt =
      START.getTime() + (QUIET_SECONDS + random.fork('fault').between(0, FAULT_WINDOW_SECONDS)) * 1000;
    const endsAt = faultAt + order.minutes * 60_000;
    world.start(faultAt);
    await time.passUntil(() => Date.now() >= endsAt);
    world.stop();
    const requests = world.evidence().requests.filter(({ at }) => at >= faultAt && at < endsAt);
    return hadOf(world, requests, faultAt);
  } finally {
    time.restore();
  }
}

/** Whether a person's word moved anybody: what people decide is theirs to decide. */
const peopleDecided = ({ happenings, people }: Scenario): boolean =>
  people.length > 0 || happenings.some(({ what }) => what === 'manual-start');

/** Whether users are no worse off than with nothing, but for the little that no controller can know beforehand. */
export function noHarm(scenario: Scenario, gained: number, minutes: number): RuleResult {
  const measured = `${gained.toFixed(2)} points against doing nothing over ${minutes} min`;
  if (peopleDecided(scenario)) return judge('no-harm', [], `people decided here; ${measured}`);
  const broken =
    gained < -HARM_POINTS_MAX ? [`${measured}, at least -${HARM_POINTS_MAX.toFixed(2)} is allowed`] : [];
  return judge('no-harm', broken, measured);
}

const tierOf = ({ config, scenario }: HarmOrder): Harm['tier'] => {
  const [workload] = Object.values(config.workloads);
  return workload === undefined ? 'cold' : drilledTier(workload.standby, scenario);
};

/** Runs the world twice with the same seed, with the controller and without anybody who acts, and compares. */
export async function measureHarm(order: HarmOrder): Promise<Harm> {
  const controller = await live(order, false);
  const nothing = await live(order, true);
  const gainedPoints = points(controller.servedPercent - nothing.servedPercent);
  const { name, scenario, seed, minutes } = order;
  return {
    ...{ scenario: name, tier: tierOf(order), seed, minutes },
    ...{ controller, nothing, gainedPoints },
    rule: noHarm(scenario, gainedPoints, minutes),
  };
}
