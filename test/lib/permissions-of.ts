import type { Template } from 'aws-cdk-lib/assertions';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as T[]) : [value as T];

/** What the roles of a stack may do, in words. */
export class Permissions {
  readonly resources: Readonly<Record<string, Resource>>;

  constructor(template: Template) {
    this.resources = (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
  }

  /** Everything that a role may do, sorted. */
  of(roleId: string): string[] {
    const role = this.resources[roleId]!.Properties;
    // Nothing may hide in a policy of somebody else, or inside the role.
    expect([role['ManagedPolicyArns'], role['Policies']]).toEqual([undefined, undefined]);
    const policies = Object.values(this.resources).filter(
      ({ Type, Properties }) =>
        ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(Type) &&
        (Properties['Roles'] as { Ref: string }[]).some(({ Ref }) => Ref === roleId),
    );
    const lines = policies
      .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
      .flatMap((statement) => this.linesOf(statement));
    // One call may be allowed by two abilities; what counts is that it is.
    return [...new Set(lines)].toSorted();
  }

  /** Everything that the function of that name may do, sorted. */
  ofFunction(name: string): string[] {
    return this.of(this.roleIdOf(name));
  }

  roleIdOf(name: string): string {
    const fn = Object.values(this.resources).find(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::Function' && Properties['FunctionName'] === `pilotlight-${name}`,
    )!;
    return (fn.Properties['Role'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
  }

  private linesOf({ Effect, Action, Resource: on, Condition }: Statement): string[] {
    expect(Effect).toBe('Allow');
    const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
    return listOf(Action).flatMap((action) =>
      listOf(on).map((arn) => `${action} on ${this.nameOf(arn)}${condition}`),
    );
  }

  /** What an ARN in a policy is of, in words. */
  private nameOf(arn: unknown): string {
    if (typeof arn === 'string') return arn;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = arn as Record<string, unknown>;
    if (imported !== undefined) {
      expect(imported).toMatch(/^PilotlightLedger:.*Ledger.*Arn/);
      return 'the ledger';
    }
    const id = (Ref ?? (attribute as string[])[0]) as string;
    const { Type, Properties } = this.resources[id]!;
    const name = ['LogGroupName', 'FunctionName', 'TopicName', 'QueueName']
      .map((key) => Properties[key])
      .find((value) => value !== undefined);
    return typeof name === 'string' ? name : Type;
  }
}

/** What every function needs to be seen at all. */
export const seen = (...names: readonly string[]): string[] => [
  ...names.flatMap((name) => [
    `logs:CreateLogStream on /aws/lambda/pilotlight-${name}`,
    `logs:PutLogEvents on /aws/lambda/pilotlight-${name}`,
  ]),
  'xray:PutTelemetryRecords on *',
  'xray:PutTraceSegments on *',
];

/** Asking the probe function in each place. */
export const everywhere = [
  'lambda:InvokeFunction on arn:aws:lambda:ca-central-1:111122223333:function:pilotlight-probe',
  'lambda:InvokeFunction on arn:aws:lambda:us-west-2:111122223333:function:pilotlight-probe',
];
