import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { addStacks } from '../../lib/app.ts';
import type { StackTemplate } from '../../lib/quotas/usage.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

const workloadIn = (region: string, name: string, edge: { distributionId: string; store: string }) => ({
  displayName: name.toUpperCase(),
  url: `https://${name}.example.com`,
  primary: {
    region,
    domainName: `alb.${name}.example.com`,
    loadBalancer: `app/${name}/50dc6c495c0c9188`,
    targetGroup: `targetgroup/${name}/73e2d6bc24d8a067`,
  },
  standby: {
    domainName: `${name}.koreacentral.cloudapp.azure.com`,
    tier: 'cold',
    warmNodeCount: 3,
    azure: {
      tenantId: '11111111-2222-4333-8444-555555555555',
      subscriptionId: '22222222-3333-4444-8555-666666666666',
      clientId: '33333333-4444-4555-8666-777777777777',
      resourceGroup: `rg-${name}`,
      applicationGateway: `agw-${name}`,
      aksCluster: `aks-${name}`,
      aksNodePool: 'workload',
      mysqlServer: `mysql-${name}`,
    },
    pipeline: { organization: 'example', project: name, pipelineId: 42 },
  },
  maintenance: { domainName: `${name}.z12.web.core.windows.net`, contains: 'Back soon' },
  edge: {
    distributionId: edge.distributionId,
    keyValueStoreArn: `arn:aws:cloudfront::111122223333:key-value-store/${edge.store}`,
  },
  health: { path: '/health', deep: { path: '/deep', contains: 'Owners' } },
  policy: {
    confirm: { quorum: { signals: 3, kinds: 2, places: 1 } },
    approval: { mode: 'none' },
  },
});

const controllerIn = (region: string): object => ({
  account: '111122223333',
  region,
  probeRegions: ['ca-central-1', 'us-west-2'],
  onCall: ['on-call@example.com', 'second@example.com'],
  logRetentionDays: 90,
});

const clinic = {
  ...workloadIn('ap-northeast-2', 'clinic', {
    distributionId: 'E1CLINICEXAMPLE',
    store: 'a1b2c3d4-5678-4abc-8def-1234567890ab',
  }),
  data: { mode: 'ship', account: 'clinicdata' },
};
const shop = workloadIn('eu-west-1', 'shop', {
  distributionId: 'E2SHOPEXAMPLE',
  store: 'b1b2c3d4-5678-4abc-8def-1234567890ab',
});

/** Two workloads with their primaries in two Regions, and the controller in a third. The data of one are shipped. */
export const configOf = (region = 'ap-northeast-1'): Config =>
  parseConfig({ version: 1, controller: controllerIn(region), workloads: { clinic, shop } });

/**
 * The same with everything that may be left out: Slack, an approval, a distribution that we make (clinic) and one that is
 * moved without a function (shop).
 */
export const fullConfig = (): Config =>
  parseConfig({
    version: 1,
    controller: {
      ...controllerIn('ap-northeast-1'),
      slack: { channel: 'C012AB3CD', teamId: 'T012AB3CD', secretName: 'pilotlight/slack' },
    },
    workloads: {
      clinic: {
        ...clinic,
        primary: {
          ...clinic.primary,
          fence: {
            listenerRuleArn:
              'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener-rule/app/clinic/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee',
          },
        },
        edge: {
          ...clinic.edge,
          stack: {
            hostedZone: { id: 'Z0123456789EXAMPLE', name: 'example.com' },
            originSecretName: 'clinic/origin',
            webAcl: true,
          },
        },
        policy: {
          ...clinic.policy,
          approval: {
            mode: 'required',
            approvers: { slackUserIds: ['U012AB3CD'] },
            timeLimitSeconds: 600,
            reminderSeconds: 120,
            onTimeout: 'escalate',
          },
        },
      },
      shop: {
        ...shop,
        edge: { strategy: 'distribution', distributionId: 'E2SHOPEXAMPLE' },
        limits: { convergeSeconds: 600 },
      },
    },
  });

/** An app with the feature flags of cdk.json, and without bundling: what is asserted here is not in the bundles. */
export function makeApp(outdir?: string): App {
  const { context } = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  return new App({
    ...(outdir === undefined ? {} : { outdir }),
    treeMetadata: false,
    // The CDK's own look at each template takes longer than all the rest; app-start.test.ts has it look at everything once.
    builtinCloudFormationValidation: false,
    context: {
      ...context,
      'aws:cdk:bundling-stacks': [],
      'aws:cdk:disable-stack-trace': true,
    },
  });
}

/** What a configuration becomes, read before its directory is gone. */
function synthesized<T>(config: Config, read: (stacks: readonly CloudFormationStackArtifact[]) => T): T {
  const outdir = mkdtempSync(path.join(tmpdir(), 'pilotlight-synth-'));
  try {
    const app = makeApp(outdir);
    addStacks(app, config);
    return read(app.synth().stacks);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The templates that a configuration becomes, by the names of their stacks. */
export const templatesOf = (config: Config): ReadonlyMap<string, Template> =>
  synthesized(
    config,
    (stacks) =>
      new Map(
        stacks.map(({ stackName, template }) => [
          stackName,
          Template.fromJSON(template as Record<string, unknown>),
        ]),
      ),
  );

/** The same as the quotas look at them. */
export const stacksOf = (config: Config): readonly StackTemplate[] =>
  synthesized(config, (stacks) =>
    stacks.map(({ stackName, environment, template, templateFullPath }) => ({
      stack: stackName,
      region: environment.region,
      template: template as StackTemplate['template'],
      bytes: statSync(templateFullPath).size,
    })),
  );

/** The template of a stack; fails the test where there is none. */
export function templateOf(templates: ReadonlyMap<string, Template>, stack: string): Template {
  const template = templates.get(stack);
  if (template === undefined) {
    throw new Error(`no stack ${stack}; there are ${[...templates.keys()].join(', ')}`);
  }
  return template;
}

/**
 * Where the templates speak of Azure, with a few words around. The text of the workflow is left out: it is the same bytes for
 * every configuration, and may call only what is there.
 */
export const azureWordsIn = (templates: ReadonlyMap<string, Template>): readonly string[] =>
  [...templates.values()].flatMap((template) => {
    const text = JSON.stringify(template.toJSON(), (key, value: unknown) =>
      key === 'DefinitionString' ? undefined : value,
    );
    return text.match(/.{0,40}(?:GetWebIdentityToken|azure|\bEntra\b).{0,40}/gi) ?? [];
  });
