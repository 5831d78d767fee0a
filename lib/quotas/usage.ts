import type { QuotaName } from './table.ts';
import {
  bytesOf,
  charactersOf,
  conditionsIn,
  filledIn,
  listOf,
  principalsIn,
  statementsIn,
} from './policy-size.ts';

/** A stack as it is deployed. */
export interface StackTemplate {
  readonly stack: string;
  readonly region: string;
  readonly template: Template;
  /** Of the template as it is sent. */
  readonly bytes: number;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
}
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What something uses of a quota. */
export interface Usage {
  readonly quota: QuotaName;
  /** What it is that uses it: a stack, a resource in it, a Region, or the account. */
  readonly of: string;
  readonly region: string;
  readonly used: number;
}

type Named = readonly [id: string, properties: Readonly<Record<string, unknown>>];
type Measured = readonly [quota: QuotaName, id: string, used: number];

const ofType = ({ Resources = {} }: Template, ...types: readonly string[]): readonly Named[] =>
  Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) =>
    types.includes(Type) ? [[id, Properties] as const] : [],
  );

/** The logical id behind a reference of a property, or its text. */
function idOf(reference: unknown): string {
  if (typeof reference === 'string') return reference;
  const { Ref, 'Fn::GetAtt': attribute } = (reference ?? {}) as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly string[];
  };
  return Ref ?? attribute?.[0] ?? JSON.stringify(reference);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function policiesOfRoles(template: Template): Measured[] {
  const attached = (type: string, role: string): readonly Named[] =>
    ofType(template, type).filter(([, { Roles }]) =>
      listOf(Roles as unknown[])
        .map(idOf)
        .includes(role),
    );
  const managed = ofType(template, 'AWS::IAM::ManagedPolicy').map(([id, { PolicyDocument }]): Measured => [
    'managedPolicyCharacters',
    id,
    charactersOf(PolicyDocument),
  ]);
  const roles = ofType(template, 'AWS::IAM::Role').flatMap(
    ([id, { Policies, ManagedPolicyArns, AssumeRolePolicyDocument }]): Measured[] => {
      const own = [
        ...attached('AWS::IAM::Policy', id).map(([, { PolicyDocument }]) => PolicyDocument),
        ...listOf(Policies as { PolicyDocument: unknown }[]).map(({ PolicyDocument }) => PolicyDocument),
      ];
      const taken =
        attached('AWS::IAM::ManagedPolicy', id).length + listOf(ManagedPolicyArns as unknown[]).length;
      return [
        ['roleInlineCharacters', id, sum(own.map(charactersOf))],
        ['roleManagedPolicies', id, taken],
        ['trustPolicyCharacters', id, charactersOf(AssumeRolePolicyDocument)],
      ];
    },
  );
  return [...managed, ...roles];
}

function policiesOfResources(template: Template): Measured[] {
  const queues = ofType(template, 'AWS::SQS::QueuePolicy').flatMap(([id, { PolicyDocument }]): Measured[] => {
    const statements = statementsIn(PolicyDocument);
    return [
      ['queuePolicyBytes', id, bytesOf(PolicyDocument)],
      ['queuePolicyStatements', id, statements.length],
      ['queuePolicyConditions', id, conditionsIn(statements)],
      ['queuePolicyPrincipals', id, principalsIn(statements)],
      ['queueStatementActions', id, Math.max(...statements.map(({ Action }) => listOf(Action).length))],
    ];
  });
  const topics = ofType(template, 'AWS::SNS::TopicPolicy').flatMap(([id, { PolicyDocument }]): Measured[] => [
    ['topicPolicyBytes', id, bytesOf(PolicyDocument)],
    ['topicPolicyStatements', id, statementsIn(PolicyDocument).length],
  ]);
  const keys = ofType(template, 'AWS::KMS::Key').map(([id, { KeyPolicy }]): Measured => [
    'keyPolicyBytes',
    id,
    bytesOf(KeyPolicy),
  ]);
  return [...queues, ...topics, ...keys];
}

/** Lambda writes a statement for each permission: its properties, with a name of their own and keys that are longer. */
const PERMISSION_BYTES_MORE = 200;

function functions(template: Template): Measured[] {
  const permissions = ofType(template, 'AWS::Lambda::Permission');
  return ofType(template, 'AWS::Lambda::Function').flatMap(([id, { Environment, Layers }]): Measured[] => {
    const granted = permissions.filter(([, { FunctionName }]) => idOf(FunctionName) === id);
    const variables = (Environment as { Variables?: unknown } | undefined)?.Variables ?? {};
    const policy = granted.map(([, properties]) => bytesOf(properties) + PERMISSION_BYTES_MORE);
    return [
      ['functionPolicyBytes', id, sum(policy)],
      ['functionEnvironmentBytes', id, bytesOf(variables)],
      ['functionLayers', id, listOf(Layers as unknown[]).length],
    ];
  });
}

const rules = (template: Template): Measured[] =>
  ofType(template, 'AWS::Events::Rule').flatMap(([id, { EventPattern, Targets }]): Measured[] => [
    ['rulePatternCharacters', id, EventPattern === undefined ? 0 : charactersOf(EventPattern)],
    ['ruleTargets', id, listOf(Targets as unknown[]).length],
  ]);

const workflows = (template: Template): Measured[] =>
  ofType(template, 'AWS::StepFunctions::StateMachine').map(([id, properties]): Measured => {
    const { DefinitionString, DefinitionSubstitutions = {} } = properties;
    // Each placeholder may stand more than once; no text of ours has so many that a tenth more were not enough.
    const text = String(filledIn(DefinitionString)).length * 1.1;
    return ['workflowBytes', id, Math.ceil(text + bytesOf(DefinitionSubstitutions))];
  });

function stackOf({ template, bytes }: StackTemplate): Measured[] {
  const { Resources = {}, Outputs = {}, Parameters = {}, Mappings = {} } = template;
  return [
    ['stackResources', '', Object.keys(Resources).length],
    ['stackOutputs', '', Object.keys(Outputs).length],
    ['stackParameters', '', Object.keys(Parameters).length],
    ['stackMappings', '', Object.keys(Mappings).length],
    ['templateBytes', '', bytes],
  ];
}

/** What one stack uses of the quotas that hold for it alone. */
function usageOfStack(made: StackTemplate): Usage[] {
  const { stack, region, template } = made;
  return [
    ...stackOf(made),
    ...policiesOfRoles(template),
    ...policiesOfResources(template),
    ...functions(template),
    ...rules(template),
    ...workflows(template),
  ].map(([quota, id, used]) => ({ quota, of: id === '' ? stack : `${stack}/${id}`, region, used }));
}

const ofAccount = {
  'AWS::Route53::HealthCheck': 'healthChecksOfAccount',
  'AWS::IAM::Role': 'rolesOfAccount',
  'AWS::IAM::ManagedPolicy': 'managedPoliciesOfAccount',
  'AWS::CloudFront::Distribution': 'distributionsOfAccount',
  'AWS::CloudFront::Function': 'edgeFunctionsOfAccount',
  'AWS::CloudFront::KeyValueStore': 'storesOfAccount',
  'AWS::CloudFront::CachePolicy': 'cachePoliciesOfAccount',
  'AWS::CloudFront::OriginRequestPolicy': 'requestPoliciesOfAccount',
  'AWS::CloudFront::ResponseHeadersPolicy': 'headersPoliciesOfAccount',
} as const satisfies Record<string, QuotaName>;

const ofRegion = {
  'AWS::CloudWatch::Alarm': 'alarmsOfRegion',
  'AWS::Logs::LogGroup': 'logGroupsOfRegion',
} as const satisfies Record<string, QuotaName>;

const count = (made: readonly StackTemplate[], type: string): number =>
  sum(made.map(({ template }) => ofType(template, type).length));

function usageOfRegion(region: string, made: readonly StackTemplate[]): Usage[] {
  const buses = made.flatMap(({ stack, template }) =>
    ofType(template, 'AWS::Events::Rule').map(([, { EventBusName }]) =>
      EventBusName === undefined ? 'the default bus' : `${stack}/${idOf(EventBusName)}`,
    ),
  );
  return [
    { quota: 'stacksOfRegion', of: region, region, used: made.length },
    ...Object.entries(ofRegion).map(([type, quota]) => ({
      ...{ quota, of: region, region },
      used: count(made, type),
    })),
    ...[...Map.groupBy(buses, (bus) => bus)].map(([bus, on]): Usage => ({
      quota: 'rulesOfBus',
      of: bus,
      region,
      used: on.length,
    })),
  ];
}

/** What all stacks of a configuration use of every quota in the table. */
export function usageOf(made: readonly StackTemplate[]): readonly Usage[] {
  const regions = Map.groupBy(made, ({ region }) => region);
  return [
    ...made.flatMap(usageOfStack),
    ...[...regions].flatMap(([region, there]) => usageOfRegion(region, there)),
    ...Object.entries(ofAccount).map(([type, quota]) => ({
      ...{ quota, of: 'the account', region: 'every Region' },
      used: count(made, type),
    })),
  ];
}
