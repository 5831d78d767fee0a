import { configOf, templateOf, templatesOf } from './synthesized.ts';

const probe = templateOf(templatesOf(configOf()), 'PilotlightProbe-us-west-2');

describe('a place that probes are sent from', () => {
  it('is a function that has an answer in the time a probe may take, and its log', () => {
    probe.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-probe',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: 15,
      MemorySize: 256,
    });
    probe.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/pilotlight-probe',
      RetentionInDays: 90,
    });
  });

  it('is nothing else: the watch asks it, and tells when it is silent', () => {
    const { Resources } = probe.toJSON() as { Resources: Record<string, { Type: string }> };
    expect(
      Object.values(Resources)
        .map(({ Type }) => Type)
        .toSorted(),
    ).toEqual(['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup']);
  });

  it('may be asked by nobody outside the account', () => {
    probe.resourceCountIs('AWS::Lambda::Permission', 0);
    probe.resourceCountIs('AWS::Lambda::Url', 0);
  });
});
