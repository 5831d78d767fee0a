import { Match } from 'aws-cdk-lib/assertions';
import { fullConfig, templateOf, templatesOf } from './synthesized.ts';

const controller = templateOf(templatesOf(fullConfig()), 'PilotlightController');

interface Fn {
  readonly FunctionName: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
}
const functions = Object.values(
  controller.findResources('AWS::Lambda::Function') as Record<string, { Properties: Fn }>,
).map(({ Properties }) => Properties);
const functionOf = (name: string): Fn => functions.find(({ FunctionName }) => FunctionName === name)!;

describe('the door for Slack', () => {
  it('is one path for one method, answered by the gateway', () => {
    controller.resourceCountIs('AWS::ApiGatewayV2::Api', 1);
    controller.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
    controller.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      Name: 'pilotlight-slack',
      ProtocolType: 'HTTP',
      CorsConfiguration: Match.absent(),
    });
    controller.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /slack/interactions' });
    controller.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Approvalsslackgateway'), 'Arn'] },
      PayloadFormatVersion: '2.0',
    });
  });

  it('lets no more through than people click', () => {
    controller.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
    controller.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
    });
  });

  it('writes a line about each request, without its headers and its body', () => {
    const [stage] = Object.values(
      controller.findResources('AWS::ApiGatewayV2::Stage') as Record<
        string,
        { Properties: { AccessLogSettings: { Format: string; DestinationArn: unknown } } }
      >,
    );
    const { Format, DestinationArn } = stage!.Properties.AccessLogSettings;
    expect(Object.values(JSON.parse(Format) as object)).toEqual([
      '$context.requestId',
      '$context.requestTime',
      '$context.identity.sourceIp',
      '$context.routeKey',
      '$context.status',
      '$context.error.message',
      '$context.integrationErrorMessage',
      '$context.responseLatency',
    ]);
    expect(DestinationArn).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^ApprovalsGatewayAccessLogs/), 'Arn'],
    });
    controller.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/apis/pilotlight-slack',
      RetentionInDays: 90,
    });
  });

  it('opens no other way to the functions of the controller', () => {
    controller.resourceCountIs('AWS::Lambda::Url', 0);
    const permissions = Object.values(
      controller.findResources('AWS::Lambda::Permission') as Record<
        string,
        { Properties: { Principal: string; FunctionName: unknown; SourceArn: unknown } }
      >,
    ).map(({ Properties: { Principal, FunctionName, SourceArn } }) => [Principal, FunctionName, SourceArn]);
    const arnOf = (id: RegExp): unknown => ({ 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] });
    expect(permissions).toEqual([
      ['events.amazonaws.com', arnOf(/^Watchschedulelooks/), arnOf(/^WatchTick/)],
      ['events.amazonaws.com', arnOf(/^Datameasuredata/), arnOf(/^DataTick/)],
      ['events.amazonaws.com', arnOf(/^Spreadmeasurespread/), arnOf(/^SpreadTick/)],
      ['events.amazonaws.com', arnOf(/^Runswatchruns/), arnOf(/^RunsTick/)],
      ['events.amazonaws.com', arnOf(/^Watchstartrun/), arnOf(/^StartRule/)],
      ['events.amazonaws.com', arnOf(/^Watchstartrun/), arnOf(/^StartHere/)],
      ['events.amazonaws.com', arnOf(/^Functionscloserun/), arnOf(/^CloseEnded/)],
      [
        'apigateway.amazonaws.com',
        arnOf(/^Approvalsslackgateway/),
        {
          'Fn::Join': [
            '',
            [
              'arn:aws:execute-api:ap-northeast-1:111122223333:',
              { Ref: expect.stringMatching(/^ApprovalsGatewayApi/) as string },
              '/*/*/slack/interactions',
            ],
          ],
        },
      ],
      ['logs.amazonaws.com', arnOf(/^Approvalsfollowexecution/), arnOf(/^FailoverLogs/)],
      ['logs.amazonaws.com', arnOf(/^Approvalsfollowexecution/), arnOf(/^FailbackLogs/)],
    ]);
  });

  it('says its address, for the Slack app', () => {
    controller.hasOutput('SlackRequestUrl', {
      Value: {
        'Fn::Join': [
          '',
          [
            { 'Fn::GetAtt': [Match.stringLikeRegexp('^ApprovalsGatewayApi'), 'ApiEndpoint'] },
            '/slack/interactions',
          ],
        ],
      },
    });
  });
});

describe('the functions between Slack and the workflow', () => {
  it('know names only; what is secret is not in the template', () => {
    expect(functionOf('pilotlight-slack-gateway').Environment.Variables).toEqual({
      CONFIG_FILE: '/opt/pilotlight/config.json',
      SLACK_WORKER_FUNCTION: 'pilotlight-slack-worker',
      NODE_OPTIONS: '--enable-source-maps',
    });
    expect(Object.keys(functionOf('pilotlight-slack-worker').Environment.Variables).toSorted()).toEqual([
      'CONFIG_FILE',
      'LEDGER_TABLE',
      'NODE_OPTIONS',
      'POWERTOOLS_LOG_LEVEL',
      'TOPIC_ARN',
    ]);
    const text = JSON.stringify(controller.toJSON());
    expect(text).not.toMatch(/botToken|signingSecret|resolve:secretsmanager/);
    controller.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  it('answer a person soon, or not at all', () => {
    expect(functionOf('pilotlight-slack-gateway').Timeout).toBe(10);
    controller.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Approvalsslackworker') },
      MaximumEventAgeInSeconds: 600,
    });
  });

  it.each([
    ['failover', '^FailoverLogs'],
    ['failback', '^FailbackLogs'],
  ])('hear of the states of the %s by its log, which carries no data', (workflow, logs) => {
    controller.resourceCountIs('AWS::Logs::SubscriptionFilter', 2);
    controller.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: { Ref: Match.stringLikeRegexp(logs) },
      DestinationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Approvalsfollowexecution'), 'Arn'] },
      FilterPattern: Match.stringLikeRegexp('\\$\\.type = "TaskStateEntered"'),
    });
    controller.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: `pilotlight-${workflow}`,
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });
});
