import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { sitesOf } from '../../lib/constructs/edge/site.ts';
import { EdgeStack } from '../../lib/stacks/edge-stack.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

const hostedZone = { id: 'Z0123456789EXAMPLE', name: 'example.com' };
const plain = { hostedZone, originSecretName: 'clinic/origin-secret' };

/** What a test changes about the one workload. */
export interface Changes {
  /** Null for a workload that brings its own distribution. */
  readonly stack?: object | null;
  readonly edge?: object;
  readonly url?: string;
  readonly limits?: object;
}

const workloadWith = ({ stack = {}, edge = {}, url, limits = {} }: Changes): object => ({
  displayName: 'Clinic',
  url: url ?? 'https://clinic.example.com',
  primary: {
    region: 'ap-northeast-2',
    domainName: 'alb.clinic.example.com',
    loadBalancer: 'app/clinic/50dc6c495c0c9188',
    targetGroup: 'targetgroup/clinic/73e2d6bc24d8a067',
  },
  standby: {
    domainName: 'clinic.koreacentral.cloudapp.azure.com',
    tier: 'cold',
    warmNodeCount: 3,
    azure: {
      tenantId: '11111111-2222-4333-8444-555555555555',
      subscriptionId: '22222222-3333-4444-8555-666666666666',
      clientId: '33333333-4444-4555-8666-777777777777',
      resourceGroup: 'rg-clinic',
      applicationGateway: 'agw-clinic',
      aksCluster: 'aks-clinic',
      aksNodePool: 'workload',
      mysqlServer: 'mysql-clinic',
    },
    pipeline: { organization: 'example', project: 'clinic', pipelineId: 42 },
  },
  maintenance: { domainName: 'clinic.z12.web.core.windows.net', contains: 'Back soon' },
  edge: {
    distributionId: 'E1CLINICEXAMPLE',
    keyValueStoreArn: 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab',
    ...(stack === null ? {} : { stack: { ...plain, ...stack } }),
    ...edge,
  },
  health: { path: '/health', deep: { path: '/owners?lastName=', contains: 'Owners' } },
  policy: {
    confirm: { quorum: { signals: 3, kinds: 2, places: 1 } },
    approval: { mode: 'none' },
  },
  limits,
});

/** One workload whose distribution Pilotlight makes. */
export const edgeConfig = (changes: Changes = {}): Config =>
  parseConfig({
    version: 1,
    controller: {
      account: '111122223333',
      region: 'ap-northeast-1',
      probeRegions: ['us-east-1', 'eu-west-1'],
      onCall: ['on-call@example.com'],
      logRetentionDays: 90,
    },
    workloads: { clinic: workloadWith(changes) },
  });

/** An app with the feature flags of cdk.json and an edge stack for each site. */
export function edgeApp(config: Config, outdir: string): App {
  const { context } = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  const app = new App({ outdir, treeMetadata: false, context });
  for (const site of sitesOf(config)) {
    new EdgeStack(app, `PilotlightEdge-${site.workloadId}`, { controller: config.controller, site });
  }
  return app;
}

/** Gives a test a directory for the assembly, and takes it away again. */
export function inDirectory<Result>(test: (directory: string) => Result): Result {
  const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-edge-'));
  try {
    return test(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The stack of the one site, as CloudFormation gets it. */
export class Synthesized {
  readonly template: Template;
  readonly text: string;
  readonly environment: { readonly account: string; readonly region: string };
  readonly terminationProtection: boolean | undefined;

  constructor(changes: Changes = {}) {
    const { stack, template } = inDirectory((directory) => {
      const [artifact] = edgeApp(edgeConfig(changes), directory).synth().stacks;
      if (artifact === undefined) throw new Error('there is no edge stack');
      // Read here: the artifact reads its template from the directory when it is first asked for it.
      return { stack: artifact, template: artifact.template as Record<string, unknown> };
    });
    this.template = Template.fromJSON(template);
    this.text = JSON.stringify(template);
    this.environment = stack.environment;
    this.terminationProtection = stack.terminationProtection;
  }

  get resources(): Readonly<Record<string, Resource>> {
    return (this.template.toJSON() as { Resources: Record<string, Resource> }).Resources;
  }

  /** What the distribution is told. */
  get distribution(): DistributionConfig {
    const { DistributionConfig: config } = this.only('AWS::CloudFront::Distribution').Properties;
    return config as DistributionConfig;
  }

  only(type: string): Resource {
    const [resource, ...others] = Object.values(this.resources).filter(({ Type }) => Type === type);
    if (resource === undefined || others.length > 0) throw new Error(`expected one ${type}`);
    return resource;
  }

  /** What a `Ref` in the template stands for. */
  at(reference: unknown): Resource {
    const id = (reference as { Ref?: string }).Ref ?? '';
    const resource = this.resources[id];
    if (resource === undefined) throw new Error(`nothing is called ${JSON.stringify(reference)}`);
    return resource;
  }
}

export interface Behavior {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly ViewerProtocolPolicy: string;
  readonly AllowedMethods?: readonly string[];
  readonly CachedMethods?: readonly string[];
  readonly Compress: boolean;
  readonly CachePolicyId: unknown;
  readonly OriginRequestPolicyId?: unknown;
  readonly ResponseHeadersPolicyId: unknown;
  readonly FunctionAssociations?: readonly { readonly EventType: string; readonly FunctionARN: unknown }[];
}

export interface Origin {
  readonly Id: string;
  readonly DomainName: string;
  readonly ConnectionAttempts: number;
  readonly ConnectionTimeout: number;
  readonly CustomOriginConfig: Readonly<Record<string, unknown>>;
  readonly OriginCustomHeaders: readonly { readonly HeaderName: string; readonly HeaderValue: string }[];
}

export interface DistributionConfig {
  readonly Origins: readonly Origin[];
  readonly DefaultCacheBehavior: Behavior;
  readonly CacheBehaviors: readonly Behavior[];
  readonly CustomErrorResponses: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}
