import * as z from 'zod';
import { dataSchema } from './data-schema.ts';
import { edgeSchema } from './edge-schema.ts';
import { displayName, names } from './names.ts';
import { domainName, pageText, path, region, seconds, secretName, siteUrl } from './parts.ts';
import { policySchema } from './policy-schema.ts';
import { settleSchema } from './settle-schema.ts';
import { standbySchema } from './standby-schema.ts';

/*
 * The shape of pilotlight.config.yaml. Descriptions here become the JSON Schema that editors complete and check with;
 * rules that look at more than one field are in rules/.
 */

export const controllerSchema = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, 'a 12-digit AWS account id')
    .refine((account) => account !== '000000000000', 'an AWS account of yours: this one is nobody’s')
    .describe('AWS account of the controller'),
  region: region.describe('Region the controller runs in; never one that it protects'),
  probeRegions: z
    .array(region)
    .min(2, 'at least two Regions: one place with a bad network must not decide')
    .refine((regions) => new Set(regions).size === regions.length, 'each Region once: a place has one vote')
    .describe('Regions that probes are sent from; none that is protected'),
  slack: z
    .strictObject({
      channel: z
        .string()
        .regex(/^[CG][A-Z0-9]{2,20}$/, 'a Slack channel id such as C012AB3CD')
        .describe('Id of the channel, not its name'),
      teamId: z
        .string()
        .regex(/^[TE][A-Z0-9]{2,20}$/, 'a Slack team id such as T012AB3CD')
        .describe('Id of the workspace; clicks from any other are refused'),
      secretName: secretName.describe(
        'Secret with botToken and signingSecret (and previousSigningSecret while it rotates)',
      ),
    })
    .optional()
    .describe('Where approvals are asked for and runs are followed; leave it out to work without Slack'),
  onCall: z
    .array(z.email())
    .min(1, 'at least one address: somebody must be told')
    .refine(
      (addresses) => new Set(addresses.map((address) => address.toLowerCase())).size === addresses.length,
      'each address once: SNS has one subscription for it',
    )
    .describe('E-mail addresses that the announcements go to'),
  fleet: z
    .strictObject({
      movesAtOnce: z
        .int()
        .min(1)
        .max(500)
        .default(60)
        .describe('Runs that prepare their standbys at once; the others wait for their turn, by priority'),
    })
    .prefault({})
    .describe('What many workloads that fall together share'),
  logRetentionDays: z
    .literal([30, 60, 90, 180, 365, 731])
    .default(365)
    .describe('Days that the logs of the controller are kept'),
});

const primarySchema = z.strictObject({
  region: region
    .optional()
    .describe('Region of the primary; leave it out only where the primary is not in AWS'),
  domainName: domainName.describe('Name of the primary that CloudFront uses as its origin'),
  loadBalancer: names.loadBalancer
    .optional()
    .describe('CloudWatch dimension LoadBalancer, where the primary is an ALB'),
  targetGroup: names.targetGroup
    .optional()
    .describe('CloudWatch dimension TargetGroup, where the primary is an ALB'),
  fence: z
    .strictObject({
      listenerRuleArn: names.listenerRule.describe('ARN of the rule that is the fence'),
      drainSeconds: seconds(5, 120)
        .default(15)
        .describe('The longest that a write which was let in before may take'),
    })
    .optional()
    .describe(
      'A rule of the load balancer that lets nobody in while the shield is up: where its Region answers, the shield need not settle',
    ),
});

const healthSchema = z.strictObject({
  path: path.describe('Health path that load balancers and health checks ask'),
  deep: z
    .strictObject({
      path: path.describe('The page'),
      contains: pageText.describe('Text that an error page does not have'),
    })
    .describe('A page that needs the database, and text that a good answer contains'),
  door: z
    .strictObject({
      path: path.describe('The path'),
      contains: z.string().min(1).optional().describe('Text of a good answer'),
    })
    .optional()
    .describe(
      "What is asked at the primary's own door, past the edge: it must need the database, and the load balancer must " +
        'answer it without the secret of the edge. The deep page, if you leave it out',
    ),
  probeTimeoutMs: z
    .int()
    .min(500)
    .max(10_000)
    .default(3_000)
    .describe('A probe without an answer for so long has failed, in milliseconds'),
});

const ownAlarmSchema = z.strictObject({
  region: region.describe('Region of the alarm'),
  name: z
    .string()
    .min(1)
    .max(255)
    .refine(
      (name) => !name.startsWith('pilotlight'),
      'an alarm of your own: those of Pilotlight are known already',
    )
    .describe('Name of the alarm'),
  about: z
    .enum(['primary', 'edge'])
    .default('primary')
    .describe('primary: it sees the site itself; edge: it sees what users get through CloudFront'),
  use: z
    .array(z.enum(['trigger', 'signal']))
    .min(1)
    .refine((uses) => new Set(uses).size === uses.length, 'each use once')
    .default(['trigger', 'signal'])
    .describe('trigger: it starts a run when it begins to ring; signal: it counts in the quorum'),
});

const detectionSchema = z.strictObject({
  edgeErrorPercent: z
    .number()
    .gt(0)
    .max(100)
    .default(25)
    .describe("Share of the users' requests that end in 5xx, in percent"),
  loadBalancerErrors: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10)
    .describe('Errors a minute that the ALB answers itself; not used where the primary is no ALB'),
  evaluationPeriods: z.int().min(1).max(10).default(2).describe('Minutes that an alarm looks back'),
  datapointsToAlarm: z.int().min(1).max(10).default(2).describe('Bad minutes among them that make it ring'),
  healthCheck: z
    .enum(['tcp', 'https', 'https-fast'])
    .default('tcp')
    .describe(
      'What Route 53 does every 30 s (every 10 s with https-fast): connect to the primary, or ask for health.path; ' +
        'each step costs a dollar a month more',
    ),
  alarms: z
    .array(ownAlarmSchema)
    .max(20)
    .default([])
    .describe('Alarms of CloudWatch that you have already, metric or composite'),
});

const limitsSchema = z.strictObject({
  confirmSeconds: seconds(5, 240).default(60).describe('The confirmation, all rounds'),
  convergeSeconds: seconds(30, 800).default(240).describe('Until the whole edge serves a new route'),
  convergeStreak: z.int().min(1).max(20).default(5).describe('Good answers in a row that count as converged'),
  convergePollSeconds: seconds(1, 30).default(2).describe('Time between two looks through the edge'),
  shieldSettle: settleSchema
    .prefault({})
    .describe('When the shield counts as spread, by how long changes were measured to take'),
  shieldSettleSeconds: seconds(0, 600)
    .optional()
    .describe('The same as a fixed time, whatever was measured; leave it out to let measurements decide'),
  runnerSeconds: seconds(30, 1_800)
    .default(180)
    .describe('With runner both: until Azure DevOps must have begun; after it the container job takes over'),
  pipelineSeconds: seconds(300, 14_400).default(3_600).describe('The pipeline run, from start to end'),
  pipelinePollSeconds: seconds(5, 120).default(10).describe('Time between two looks at the run'),
  standbySeconds: seconds(60, 3_600).default(900).describe('From a finished pipeline to a healthy standby'),
  standbyPollSeconds: seconds(2, 120).default(8).describe('Time between two looks at the standby'),
  leaseSeconds: seconds(60, 3_600).default(900).describe('A lease that nobody renews ends after this'),
  holdReminderSeconds: seconds(60, 3_600)
    .default(600)
    .describe('People are told again of a run that somebody holds, each time this is over'),
});

export const workloadSchema = z.strictObject({
  displayName: displayName.describe('What people call the site'),
  url: siteUrl.describe('The site as its users see it, through CloudFront'),
  priority: z.int().min(1).max(9).default(5).describe('Who goes first where many fall together: 1 before 9'),
  dependsOn: z
    .array(z.string())
    .max(20)
    .default([])
    .describe(
      'Workloads that must be on their standbys, if they are moved at all, before users are moved here',
    ),
  primary: primarySchema.describe('Where the site lives on a good day'),
  standby: standbySchema.describe('Where it goes when the primary dies'),
  maintenance: z
    .strictObject({
      domainName: domainName.describe('Name of the static site that shows the maintenance page'),
      contains: pageText.describe('Text of the maintenance page, by which a probe knows it'),
    })
    .describe('What users see in between'),
  edge: edgeSchema.describe('The CloudFront side of the site'),
  health: healthSchema.describe('How one asks whether the application is well'),
  detection: detectionSchema.prefault({}).describe('When the alarms ring'),
  data: dataSchema
    .prefault({ mode: 'none' })
    .describe('How the data get to the standby, and how much of them may be lost'),
  policy: policySchema.describe('What Pilotlight may do, and on what evidence'),
  limits: limitsSchema.prefault({}).describe('How long each step may take before people are called instead'),
});
export type Workload = z.infer<typeof workloadSchema>;

/**
 * Ids of workloads become parts of names. The narrowest is that of a storage account, 24 of a-z and 0-9, of which
 * terraform/azure takes 12 for itself; it and the pipeline refuse every other id.
 */
export const WORKLOAD_ID = /^[a-z][a-z0-9]{1,11}$/;

export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors; not used'),
    version: z.literal(1).describe('Version of this format'),
    controller: controllerSchema.describe('Where Pilotlight itself runs'),
    workloads: z
      // Only told to editors here, and checked in rules.ts: a bad key would keep its whole value from being checked.
      .record(z.string().meta({ pattern: WORKLOAD_ID.source }), workloadSchema)
      .refine((workloads) => Object.keys(workloads).length > 0, 'at least one workload')
      .meta({ minProperties: 1, description: 'The protected web applications, by id' }),
  })
  .describe('Configuration of Pilotlight');
export type Config = z.infer<typeof configSchema>;
