import * as z from 'zod';
import { approversSchema } from '../approval.ts';
import type { OriginId } from '../route.ts';
import { isTimeZone } from '../time-zone.ts';

/*
 * The shape of pilotlight.config.yaml. Descriptions here become the JSON Schema that editors complete and check with;
 * rules that look at more than one field are in rules.ts.
 */

const region = z
  .string()
  .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'an AWS Region such as ap-northeast-2')
  .describe('AWS Region');
const domainName = z
  .string()
  .regex(
    /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a domain name in lower case',
  )
  .describe('Domain name, without scheme and path');
const uuid = z.guid('a UUID').describe('UUID');
const path = z.string().regex(/^\/[^\s?#]*(?:\?[^\s#]*)?$/, 'a path that begins with /');
const seconds = (low: number, high: number) => z.int().min(low).max(high);

export const controllerSchema = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, 'a 12-digit AWS account id')
    .describe('AWS account of the controller'),
  region: region.describe('Region the controller runs in; never one that it protects'),
  probeRegions: z
    .array(region)
    .min(2, 'at least two Regions: one place with a bad network must not decide')
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
      secretName: z
        .string()
        .regex(/^[\w/+=.@-]{1,128}$/, 'the name of a secret in Secrets Manager')
        .describe('Secret with botToken and signingSecret (and previousSigningSecret while it rotates)'),
    })
    .optional()
    .describe('Where approvals are asked for and runs are followed; leave it out to work without Slack'),
  onCall: z
    .array(z.email())
    .min(1, 'at least one address: somebody must be told')
    .describe('E-mail addresses that the announcements go to'),
  logRetentionDays: z
    .literal([30, 60, 90, 180, 365, 731])
    .default(365)
    .describe('Days that the logs of the controller are kept'),
});

const primarySchema = z.strictObject({
  region: region.describe('Region of the ALB'),
  domainName: domainName.describe('Name of the ALB that CloudFront uses as its origin'),
  loadBalancer: z
    .string()
    .regex(/^app\/[A-Za-z0-9-]+\/[0-9a-f]{16}$/, 'the end of the ALB ARN: app/NAME/16 hex digits')
    .describe('CloudWatch dimension LoadBalancer'),
  targetGroup: z
    .string()
    .regex(/^targetgroup\/[A-Za-z0-9-]+\/[0-9a-f]{16}$/, 'targetgroup/NAME/16 hex digits')
    .describe('CloudWatch dimension TargetGroup'),
});

const azureSchema = z.strictObject({
  tenantId: uuid.describe('Entra tenant'),
  subscriptionId: uuid.describe('Subscription of the standby'),
  clientId: uuid.describe('Client id of the user-assigned identity that trusts the role of the controller'),
  resourceGroup: z
    .string()
    .regex(/^[\w.()-]{1,90}$/, '1 to 90 letters, digits, _, ., (, ) and -')
    .describe('Resource group of everything below'),
  applicationGateway: z.string().min(1).max(80).describe('Name of the Application Gateway'),
  aksCluster: z.string().min(1).max(63).describe('Name of the AKS cluster'),
  aksNodePool: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,11}$/, 'at most 12 lower-case letters and digits, first a letter')
    .describe('Node pool that a warm standby scales up'),
  mysqlServer: z.string().min(3).max(63).describe('Name of the MySQL Flexible Server'),
});

const pipelineSchema = z.strictObject({
  organization: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,48}$/, 'at most 49 letters, digits and -')
    .describe('The first part of the path of a dev.azure.com address'),
  project: z.string().min(1).max(64).describe('Azure DevOps project'),
  pipelineId: z.int().positive().describe('definitionId in the address of the pipeline'),
  branch: z.string().min(1).default('main').describe('Branch that the pipeline is run from'),
});

const standbySchema = z.strictObject({
  domainName: domainName.describe('Name of the Application Gateway that CloudFront uses as its origin'),
  tier: z.enum(['cold', 'warm']).describe('cold: built on the day; warm: runs small, scaled up on the day'),
  warmNodeCount: z.int().min(1).max(1000).describe('Nodes that the warm pool is scaled to on the day'),
  azure: azureSchema.describe('Where the standby is in Azure'),
  pipeline: pipelineSchema.describe('Azure DevOps pipeline that applies the failover Terraform'),
});

const edgeStackSchema = z.strictObject({
  hostedZone: z
    .strictObject({
      id: z
        .string()
        .regex(/^Z[A-Z0-9]{5,31}$/, 'a Route 53 hosted zone id')
        .describe('Route 53 hosted zone id'),
      name: domainName,
    })
    .describe('Zone of the certificate and of the alias records of the site'),
  originSecretName: z
    .string()
    .regex(/^[\w/+=.@-]{1,128}$/, 'the name of a secret in Secrets Manager')
    .describe(
      'Secret that CloudFront sends to the origins, so that they can refuse whoever does not come through it',
    ),
  webAcl: z
    .boolean()
    .default(false)
    .describe('Puts a WAF with the managed common rules in front of the site'),
  priceClass: z
    .enum(['PriceClass_100', 'PriceClass_200', 'PriceClass_All'])
    .default('PriceClass_200')
    .describe('Which edge locations serve the site: fewer cost less'),
});

const originId = (name: OriginId) =>
  z.string().min(1).max(128).default(name).describe(`Id of the origin that is the ${name}`);

const edgeSchema = z.strictObject({
  strategy: z
    .enum(['key-value', 'distribution'])
    .default('key-value')
    .describe(
      'key-value: an edge function reads the route; distribution: the distribution itself is updated',
    ),
  distributionId: z
    .string()
    .regex(/^E[A-Z0-9]{6,20}$/, 'a CloudFront distribution id')
    .describe('CloudFront distribution of the site'),
  keyValueStoreArn: z
    .string()
    .regex(
      /^arn:aws:cloudfront::\d{12}:key-value-store\/[0-9a-f-]{36}$/,
      'the ARN of a CloudFront KeyValueStore',
    )
    .optional()
    .describe(
      'Store of the route, in the account of the controller; one for each workload. For key-value only',
    ),
  originIds: z
    .strictObject({
      primary: originId('primary'),
      standby: originId('standby'),
      maintenance: originId('maintenance'),
    })
    .prefault({})
    .describe('Ids of the origins in an existing distribution; the edge function knows the defaults only'),
  stack: edgeStackSchema.optional().describe('Makes the distribution too; leave it out to bring your own'),
});

const healthSchema = z.strictObject({
  path: path.describe('Health path that load balancers and health checks ask'),
  deep: z
    .strictObject({
      path: path.describe('The page'),
      contains: z.string().min(1).describe('Text that an error page does not have'),
    })
    .describe('A page that needs the database, and text that a good answer contains'),
  probeTimeoutMs: z
    .int()
    .min(500)
    .max(10_000)
    .default(3_000)
    .describe('A probe without an answer for so long has failed, in milliseconds'),
});

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 09:00');

const approvalPolicySchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none').describe('Nobody is asked') }),
  z.strictObject({
    mode: z.literal('required').describe('People are asked'),
    onlyWithin: z
      .strictObject({
        timeZone: z
          .string()
          .refine(isTimeZone, 'the IANA name of a time zone such as Asia/Seoul')
          .describe('IANA name, for instance Asia/Seoul'),
        days: z
          .array(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']))
          .min(1)
          .describe('Days on which the hours begin'),
        from: timeOfDay.describe('First minute of the hours'),
        to: timeOfDay.describe('First minute after them; earlier than from, they go over midnight'),
      })
      .optional()
      .describe('Outside of these hours nobody has to approve'),
    approvers: approversSchema.describe('Who may decide'),
    approvals: z.literal([1, 2]).default(1).describe('How many different people must approve'),
    timeLimitSeconds: seconds(60, 7_200).describe('How long the run waits for an answer'),
    reminderSeconds: seconds(30, 3_600).describe('How often people are reminded'),
    onTimeout: z.enum(['proceed', 'abort', 'escalate']).describe('What happens when nobody answers'),
  }),
]);

const policySchema = z.strictObject({
  confirm: z
    .strictObject({
      rounds: z.int().min(1).max(10).default(3).describe('How often every place looks'),
      intervalSeconds: seconds(1, 30).default(4).describe('Time between two rounds'),
      quorum: z
        .strictObject({
          signals: z.int().min(1).describe('Signals that must be bad'),
          kinds: z.int().min(1).max(2).describe('Kinds of signal (alarm, probe) among the bad ones'),
          places: z.int().min(1).describe('Places from which the primary must be bad'),
        })
        .describe('All three counts must be reached'),
    })
    .describe('What makes an outage confirmed'),
  approval: approvalPolicySchema.describe(
    'Whether a person must approve, who, and what happens when nobody answers',
  ),
  startStandby: z
    .enum(['on-suspicion', 'on-confirmation', 'on-approval'])
    .default('on-confirmation')
    .describe(
      'on-suspicion wins the seconds of the confirmation and builds for false alarms too; on-approval waits',
    ),
  onPrimaryRecovery: z
    .enum(['stand-down', 'proceed'])
    .default('stand-down')
    .describe('What to do when the primary comes back before the switch'),
  canary: z
    .strictObject({
      shares: z
        .array(z.number().gt(0).lt(100))
        .min(1)
        .max(5)
        .describe(
          'Percent of the users that go to the standby first, in growing steps; all follow at the end',
        ),
      holdSeconds: seconds(10, 600).describe('How long each share is held and watched'),
      errorPercentMax: z
        .number()
        .min(0)
        .max(50)
        .describe('More failed answers than this: back to the shield at once'),
    })
    .optional()
    .describe('Leave it out to move everybody at once'),
  cooldownMinutes: z
    .int()
    .min(0)
    .max(24 * 60)
    .default(60)
    .describe('After a run no alarm starts another for so long; a person may'),
});

const detectionSchema = z.strictObject({
  edgeErrorPercent: z
    .number()
    .gt(0)
    .max(100)
    .default(25)
    .describe("Share of the users' requests that end in 5xx, in percent"),
  loadBalancerErrors: z.int().min(1).default(10).describe('Errors a minute that the ALB answers itself'),
  evaluationPeriods: z.int().min(1).max(10).default(2).describe('Minutes that an alarm looks back'),
  datapointsToAlarm: z.int().min(1).max(10).default(2).describe('Bad minutes among them that make it ring'),
});

const limitsSchema = z.strictObject({
  confirmSeconds: seconds(5, 240).default(60).describe('The confirmation, all rounds'),
  convergeSeconds: seconds(30, 800).default(240).describe('Until the whole edge serves a new route'),
  convergeStreak: z.int().min(1).max(20).default(5).describe('Good answers in a row that count as converged'),
  convergePollSeconds: seconds(1, 30).default(2).describe('Time between two looks through the edge'),
  shieldSettleSeconds: seconds(0, 600)
    .default(90)
    .describe('The shield counts as spread no sooner than this: edge locations without a probe learn late'),
  pipelineSeconds: seconds(300, 14_400).default(3_600).describe('The pipeline run, from start to end'),
  pipelinePollSeconds: seconds(5, 120).default(10).describe('Time between two looks at the run'),
  standbySeconds: seconds(60, 3_600).default(900).describe('From a finished pipeline to a healthy standby'),
  standbyPollSeconds: seconds(2, 120).default(10).describe('Time between two looks at the standby'),
  leaseSeconds: seconds(60, 3_600).default(900).describe('A lease that nobody renews ends after this'),
});

export const workloadSchema = z.strictObject({
  displayName: z.string().min(1).max(80).describe('What people call the site'),
  url: z
    .url({ protocol: /^https$/, error: 'an https URL' })
    .meta({ pattern: '^https://' })
    .describe('The site as its users see it, through CloudFront'),
  primary: primarySchema.describe('Where the site lives on a good day'),
  standby: standbySchema.describe('Where it goes when the primary dies'),
  maintenance: z
    .strictObject({
      domainName: domainName.describe('Name of the static site that shows the maintenance page'),
      contains: z.string().min(1).describe('Text of the maintenance page, by which a probe knows it'),
    })
    .describe('What users see in between'),
  edge: edgeSchema.describe('The CloudFront side of the site'),
  health: healthSchema.describe('How one asks whether the application is well'),
  detection: detectionSchema.prefault({}).describe('When the alarms ring'),
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
