import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { standbyTiers } from '../core/config/standby-schema.ts';
import { orderKinds } from '../core/ledger/orders.ts';
import { steps } from '../core/ledger/steps.ts';
import { outcomes } from '../core/run/run.ts';
import { InvalidInput } from '../core/errors.ts';
import { functionNames } from '../core/functions.ts';
import { didYouMean } from '../core/nearest.ts';
import { describeIssues, shown } from '../core/problems.ts';
import { dataSchema } from './world/data/data-plan.ts';
import { parkedSchema } from './world/parked-plan.ts';

const seconds = z.number().nonnegative();
/** What happens to data may come before the fault, in the ordinary minutes. */
const secondsFromBefore = z.number().min(-300);

/** What happens to the world, and when; seconds count from the fault moment, which the seed places. */
const happeningSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('region-dies'), at: seconds }),
  z.strictObject({ what: z.literal('region-returns'), at: seconds }),
  z.strictObject({ what: z.literal('maintenance-dies'), at: seconds }),
  z.strictObject({
    what: z.literal('load-balancer-errors'),
    at: seconds,
    seconds,
    count: z.int().positive(),
  }),
  /** `alarm` is what its name ends with, after the id of the workload. */
  z.strictObject({ what: z.literal('alarm-repeats'), at: seconds, alarm: z.string() }),
  z.strictObject({ what: z.literal('standby-dies-after-switch'), at: seconds }),
  z.strictObject({ what: z.literal('primary-limps'), at: seconds, share: z.number().gt(0).lte(1) }),
  z.strictObject({ what: z.literal('primary-heals'), at: seconds }),
  z.strictObject({ what: z.literal('primary-slows'), at: seconds }),
  z.strictObject({ what: z.literal('primary-fails-writes'), at: seconds }),
  z.strictObject({ what: z.literal('database-dies'), at: seconds }),
  z.strictObject({ what: z.literal('database-returns'), at: seconds }),
  z.strictObject({
    what: z.literal('locations-cut-off'),
    at: seconds,
    locations: z.array(z.string()).min(1),
  }),
  z.strictObject({ what: z.literal('standby-limps'), at: seconds, share: z.number().gt(0).lte(1) }),
  z.strictObject({ what: z.literal('standby-heals'), at: seconds }),
  z.strictObject({ what: z.literal('place-cut-off'), at: seconds, place: z.string() }),
  z.strictObject({ what: z.literal('place-falls-silent'), at: seconds, place: z.string() }),
  z.strictObject({ what: z.literal('distribution-touched'), at: seconds }),
  z.strictObject({ what: z.literal('events-lost'), at: seconds }),
  z.strictObject({ what: z.literal('ends-unheard'), at: seconds }),
  /** A person at a shell tells the run that acts. */
  z.strictObject({
    what: z.literal('order'),
    at: seconds,
    order: z.enum(orderKinds),
    step: z.enum(steps).optional(),
    by: z.string(),
  }),
  z.strictObject({ what: z.literal('brake-released'), at: seconds }),
  /** Somebody starts the parked standby outside of Pilotlight. */
  z.strictObject({ what: z.literal('standby-woken'), at: secondsFromBefore }),
  z.strictObject({ what: z.literal('watch-dies'), at: seconds }),
  z.strictObject({ what: z.literal('beacon-due'), at: secondsFromBefore }),
  z.strictObject({ what: z.literal('own-alarm-rings'), at: seconds, name: z.string() }),
  z.strictObject({ what: z.literal('execution-aborted'), at: seconds }),
  z.strictObject({ what: z.literal('database-fails-over'), at: secondsFromBefore }),
  z.strictObject({ what: z.literal('shipper-dies'), at: secondsFromBefore }),
  z.strictObject({ what: z.literal('shipper-starts'), at: secondsFromBefore }),
  z.strictObject({ what: z.literal('backup-disk-full'), at: secondsFromBefore }),
  z.strictObject({ what: z.literal('log-purged'), at: secondsFromBefore }),
  /** A person brings the site home. */
  z.strictObject({
    what: z.literal('failback-start'),
    at: seconds,
    input: z.record(z.string(), z.unknown()),
  }),
  /** Somebody writes to the primary past the edge, while its users are on the standby. */
  z.strictObject({ what: z.literal('foreign-write'), at: seconds }),
  /** What was loaded into the primary is not what was dumped. */
  z.strictObject({ what: z.literal('home-data-differ'), at: seconds }),
  z.strictObject({
    what: z.literal('manual-start'),
    at: seconds,
    input: z.record(z.string(), z.unknown()),
  }),
]);
export type Happening = z.infer<typeof happeningSchema>;

/** A person, how long they take, and what they do. */
const personSchema = z.strictObject({
  name: z.string(),
  id: z.string(),
  by: z.enum(['slack', 'command-line']).default('slack'),
  does: z.enum(['approve', 'reject', 'pause', 'resume', 'cancel']),
  afterSeconds: seconds,
  clicks: z.int().min(1).default(1),
});
export type PersonPlan = z.infer<typeof personSchema>;

const scenarioSchema = z.strictObject({
  title: z.string().min(1).max(100),
  story: z.string().min(1),
  /** Cold where it is left out; of a configuration with an external standby that one. */
  tier: z.enum(standbyTiers).optional(),
  /** What is true of a parked standby. */
  parked: parkedSchema.optional(),
  /** That of the configuration where it is left out. */
  strategy: z.enum(['key-value', 'distribution']).optional(),
  /** Where the users are when the drill begins: an earlier run may have moved them. */
  startsOn: z.enum(['primary', 'maintenance', 'standby']).default('primary'),
  /** The earlier run had users on the standby, who may have written there. */
  standbyServed: z.boolean().default(false),
  /** Runs the same world once more with the other strategy and tells both. */
  compareStrategies: z.boolean().default(false),
  canary: z
    .strictObject({
      shares: z.array(z.number()).min(1),
      holdSeconds: z.number(),
      errorPercentMax: z.number(),
    })
    .optional(),
  /** Runs the same world once more with on-confirmation and tells the seconds that were saved. */
  compareStart: z.boolean().default(false),
  startStandby: z.enum(['on-suspicion', 'on-confirmation', 'on-approval']).default('on-confirmation'),
  /** Whether a person must approve; who may is fixed: the two approvers of the drill, and one IAM user. */
  approval: z
    .strictObject({
      approvals: z.literal([1, 2]).default(1),
      timeLimitSeconds: z.number(),
      reminderSeconds: z.number(),
      onTimeout: z.enum(['proceed', 'abort', 'escalate']),
    })
    .optional(),
  people: z.array(personSchema).default([]),
  /** What the policy does about a degraded primary; the shipped one tells people. */
  degraded: z
    .strictObject({
      then: z.enum(['tell', 'ask', 'failover']),
      minutes: z.int().positive().default(10),
      prepare: z.boolean().default(false),
    })
    .optional(),
  /** The primary's load balancer has a fence. */
  fence: z.boolean().default(false),
  /** Where things run, where it is not as the configuration has it. */
  regions: z
    .strictObject({ primary: z.string(), controller: z.string(), probes: z.array(z.string()).min(2) })
    .optional(),
  /** So many workloads of one Region, all alike, in the place of one. Those of `dependsOn` wait for others, by their numbers. */
  fleet: z
    .strictObject({
      workloads: z.int().min(2).max(500),
      movesAtOnce: z.int().positive().optional(),
      /** The number of a workload, from 1, and its priority. */
      priorities: z.record(z.string(), z.int().min(1).max(9)).default({}),
      /** The number of a workload, from 1, and those that it depends on. */
      dependsOn: z.record(z.string(), z.array(z.int().positive())).default({}),
    })
    .optional(),
  /** Alarms that the site has already, by which a run is started and confirmed. */
  ownAlarms: z
    .array(z.strictObject({ region: z.string(), name: z.string(), kind: z.enum(['metric', 'composite']) }))
    .default([]),
  /** Percent of the users' requests that must fail for the edge's alarm to ring; the shipped figure where it is left out. */
  edgeErrorPercent: z.number().gt(0).max(100).optional(),
  /** The world goes on so long after the fault, whether or not a run is over. */
  watchSeconds: seconds.default(0),
  slackDown: z.boolean().default(false),
  brake: z.strictObject({ owner: z.string(), reason: z.string() }).optional(),
  /** What was measured of the edge before the drill begins: a quarter of a year, or nothing, as right after the first deployment. */
  spread: z.enum(['measured', 'unmeasured']).default('measured'),
  /** One edge location learns of every change this late. */
  slowLocation: z.strictObject({ name: z.string(), seconds }).optional(),
  failStage: z
    .strictObject({
      name: z.enum(['Infrastructure', 'Restore', 'Deploy', 'Smoke']),
      errors: z.array(z.string()).min(1),
    })
    .optional(),
  /** The run of the pipeline waits for somebody who gives a permission, or an approval, after so many seconds. */
  pipelineWaits: z.strictObject({ type: z.enum(['Authorization', 'Approval']), seconds }).optional(),
  /** What applies the Terraform; that of the configuration where it is left out. */
  runner: z.enum(['azure-devops', 'container-job', 'both']).optional(),
  /** Azure DevOps is down too, from the beginning until so long after the fault; for ever where that is left out. */
  azureDevOps: z
    .strictObject({
      /**
       * `never-begins`: it takes runs, and no agent is free for them until then. `loses-touch`: it takes a run, answers nothing
       * from then on, and an agent has the run then all the same.
       */
      how: z.enum(['refuses', 'unauthorized', 'silent', 'never-begins', 'loses-touch']),
      seconds: seconds.optional(),
    })
    .optional(),
  gatewayStaysSick: z.boolean().default(false),
  /** Azure accepts the scaling of the warm pool, and then has no machines for it. */
  scalingFails: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** Functions that Lambda cannot start at all. */
  brokenFunctions: z.array(z.enum(functionNames)).default([]),
  /** How the data get to the standby, and what is wrong with them before the drill begins. */
  data: dataSchema.optional(),
  /** Small troubles of the networks that the probes go through, all the time: they must never start a run. */
  noise: z
    .strictObject({
      /** Shares of the requests, 0 to 1: lost on the way, and answered after seconds. */
      lostShare: z.number().min(0).max(1),
      slowShare: z.number().min(0).max(1),
      /** One place after the other loses most of its requests for so long. */
      badMinutes: z.number().nonnegative(),
    })
    .optional(),
  happenings: z.array(happeningSchema),
  /** Where no workflow starts by itself the drill ends after this; virtual seconds. */
  durationSeconds: z.number().positive().default(900),
});
export type Scenario = z.infer<typeof scenarioSchema>;

/** What the run must come to. Bounds hold for every seed. */
const expectationSchema = z.strictObject({
  /** `NothingStarted` where no run may begin. */
  outcome: z.enum([...outcomes, 'NothingStarted']),
  /** Words that the announcement or the record must contain. */
  says: z.array(z.string()).default([]),
  /** States that must be among those entered, and those that must not. */
  enters: z.array(z.string()).default([]),
  avoids: z.array(z.string()).default([]),
  executions: z.int().positive().optional(),
  /** Where users are at the end. */
  servedAtEnd: z.enum(['primary', 'standby', 'maintenance']).optional(),
  /** Writes of the route: a flapping site must not throw its users back and forth. */
  movesAtMost: z.int().nonnegative().optional(),
  /** Beacons whose spread is measured while the drill goes on. */
  measurements: z.int().nonnegative().optional(),
  /** A flapping alarm must not become a storm of messages. */
  announcementsAtMost: z.int().nonnegative().optional(),
  /** From the end of the execution that the drill is about until people are told of it. */
  toldAtMostSeconds: z.number().positive().optional(),
  /** Whether the parked standby is stopped at the end. */
  parkedAtEnd: z.boolean().optional(),
  rtoAtMostSeconds: z.number().positive().nullable().default(null),
  /** Writes that users were told are done, and that the side which serves at the end does not hold. */
  writesLostAtMost: z.int().nonnegative().optional(),
  /** Of a fleet: how many are moved, and how many times longer the last one may take than the first one. */
  fleet: z
    .strictObject({
      moved: z.int().nonnegative(),
      ratioAtMost: z.number().positive().optional(),
      /** Pairs of workloads of which the first must be moved before the second. */
      before: z.array(z.tuple([z.string(), z.string()])).default([]),
    })
    .optional(),
});
export type Expectation = z.infer<typeof expectationSchema>;

export const SCENARIO_FOLDER = path.join(import.meta.dirname, 'scenarios');

/** The names of all scenarios: one folder each. */
export function scenarioNames(): readonly string[] {
  return readdirSync(SCENARIO_FOLDER).sort();
}

/** A scenario from data that is not in a file. @throws ZodError where it is none. */
export const parseScenario = (data: unknown): Scenario => scenarioSchema.parse(data);

function read<T>(schema: z.ZodType<T>, name: string, file: string): T {
  const data: unknown = JSON.parse(readFileSync(path.join(SCENARIO_FOLDER, name, file), 'utf8'));
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new InvalidInput(`The file ${name}/${file}`, describeIssues(parsed.error, data));
  return parsed.data;
}

/** Reads a scenario and what is expected of it. @throws InvalidInput when there is none of that name. */
export function readScenario(name: string): { scenario: Scenario; expectation: Expectation } {
  const names = scenarioNames();
  if (!names.includes(name)) {
    throw new InvalidInput('The scenario', [
      `--scenario: got ${shown(name)}, expected one of ${names.join(', ')}${didYouMean(name, names)}`,
    ]);
  }
  return {
    scenario: read(scenarioSchema, name, 'scenario.json'),
    expectation: read(expectationSchema, name, 'expect.json'),
  };
}
