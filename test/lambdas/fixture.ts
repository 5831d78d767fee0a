import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { InvalidInput } from '../../core/errors.ts';
import type { Run } from '../../core/run/run.ts';
import type { Step } from '../../lambdas/runtime.ts';

/** The moment at which every test begins: 2026-03-02T10:00:00.000Z. */
export const START = 1_772_445_600_000;

/** One workload with round numbers, so that every expected moment can be reckoned in the head. */
const data = {
  version: 1,
  controller: {
    account: '111122223333',
    region: 'ap-northeast-1',
    probeRegions: ['ap-northeast-1', 'eu-west-1'],
    onCall: ['on-call@shop.example.com'],
  },
  workloads: {
    shop: {
      displayName: 'Shop',
      url: 'https://shop.example.com',
      primary: {
        region: 'ap-northeast-2',
        domainName: 'alb.shop.example.com',
        loadBalancer: 'app/shop/0123456789abcdef',
        targetGroup: 'targetgroup/shop/0123456789abcdef',
      },
      standby: {
        domainName: 'gateway.shop.example.com',
        tier: 'cold',
        warmNodeCount: 3,
        azure: {
          tenantId: '11111111-2222-4333-8444-555555555555',
          subscriptionId: '22222222-3333-4444-8555-666666666666',
          clientId: '33333333-4444-4555-8666-777777777777',
          resourceGroup: 'rg-shop',
          applicationGateway: 'agw-shop',
          aksCluster: 'aks-shop',
          aksNodePool: 'web',
          mysqlServer: 'mysql-shop',
        },
        pipeline: { organization: 'shop', project: 'shop', pipelineId: 42 },
      },
      maintenance: { domainName: 'page.shop.example.com', contains: 'back soon' },
      edge: {
        distributionId: 'E2EXAMPLE1SHOP',
        keyValueStoreArn:
          'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab',
      },
      health: { path: '/health', deep: { path: '/owners', contains: 'Owners' }, probeTimeoutMs: 3000 },
      policy: {
        confirm: { intervalSeconds: 4, quorum: { signals: 3, kinds: 2, places: 1 } },
        approval: { mode: 'none' },
        onPrimaryRecovery: 'stand-down',
        cooldownMinutes: 30,
      },
      limits: {
        confirmSeconds: 60,
        convergeSeconds: 60,
        convergeStreak: 3,
        convergePollSeconds: 2,
        shieldSettleSeconds: 20,
        pipelineSeconds: 600,
        pipelinePollSeconds: 10,
        standbySeconds: 300,
        standbyPollSeconds: 10,
        leaseSeconds: 400,
      },
    },
  },
};

export const config: Config = parseConfig(data);

/** The same with something changed in it, through the same schema and rules. */
export function configWith(change: (shop: (typeof data)['workloads']['shop']) => void): Config {
  const copy = structuredClone(data);
  change(copy.workloads.shop);
  return parseConfig(copy);
}

/** The same shop with a standby that is somebody else's. */
export const externalConfig = (more: Readonly<Record<string, unknown>> = {}): Config =>
  configWith((shop) => {
    Object.assign(shop, { standby: { domainName: 'nginx.elsewhere.example', tier: 'external', ...more } });
  });

/** The run that all steps act for, and the lease it holds. */
export const run: Run = {
  execution: 'run-1',
  workload: 'shop',
  startedAt: '2026-03-02T10:00:00.000Z',
  trigger: 'alarm',
  reason: 'alarm pilotlight-shop-edge-5xx in us-east-1: two datapoints',
  requestedBy: 'CloudWatch',
  skipConfirmation: false,
  dryRun: false,
  planned: false,
  workflow: 'failover',
};
export const lease = { taken: true, epoch: 7, expiresAt: 1_772_446_000_000 } as const;

/** A run whose shape is wrong in two places; every step that takes a run must name both. */
export const brokenRun = { ...run, execution: '', trigger: 'cron' };
export const problemsOfBrokenRun = [
  'run.execution: got "", expected string to have >=1 characters',
  'run.trigger: got "cron", expected one of "alarm"|"manual"|"watch"',
];

/** What a promise is refused with; a promise that is kept is a failed test. */
export async function refusalOf(promise: Promise<unknown>): Promise<Error> {
  const kept = Symbol('kept');
  const answer: unknown = await promise.then(
    () => kept,
    (error: unknown) => error,
  );
  if (!(answer instanceof Error)) throw new Error('expected a refusal, and there was none');
  return answer;
}

/** The whole list of what a step finds wrong with its input. */
export async function problemsOf(step: Step, input: unknown): Promise<readonly string[]> {
  const error = await refusalOf(step(input, { remainingMs: () => Number.POSITIVE_INFINITY }));
  if (!(error instanceof InvalidInput)) throw error;
  return error.problems;
}
