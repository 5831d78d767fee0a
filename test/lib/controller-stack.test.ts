import { Match } from 'aws-cdk-lib/assertions';
import { functionNames } from '../../core/functions.ts';
import { readWorkflow } from '../../statemachines/load.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

const controller = templateOf(templatesOf(configOf()), 'PilotlightController');

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
const resources = (controller.toJSON() as { Resources: Record<string, Resource> }).Resources;
const ofType = (type: string): Resource[] => Object.values(resources).filter(({ Type }) => Type === type);

describe('the functions', () => {
  it('are those of core/functions.ts, the three of the watch, the two that measure and the one that watches over runs, no more and no fewer', () => {
    const deployed = ofType('AWS::Lambda::Function').map(({ Properties }) => Properties['FunctionName']);
    expect(deployed.toSorted()).toEqual(
      [
        ...functionNames,
        'schedule-looks',
        'start-run',
        'watch',
        'measure-data',
        'measure-spread',
        'watch-runs',
      ]
        .map((name) => `pilotlight-${name}`)
        .toSorted(),
    );
  });

  it('run on Node 24 for arm64, with what their environment must name and a log group', () => {
    controller.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogGroup: Match.anyValue() },
      Environment: {
        Variables: {
          CONFIG_FILE: '/opt/pilotlight/config.json',
          LEDGER_TABLE: Match.anyValue(),
          TOPIC_ARN: Match.anyValue(),
          POWERTOOLS_LOG_LEVEL: 'INFO',
          NODE_OPTIONS: '--enable-source-maps',
        },
      },
    });
  });

  it('are traced, but for those that work all the time: that would be most of the bill', () => {
    const without = (key: string, wanted: string): unknown[] =>
      ofType('AWS::Lambda::Function')
        .filter(({ Properties }) => !JSON.stringify(Properties[key] ?? null).includes(wanted))
        .map(({ Properties }) => Properties['FunctionName']);
    expect(without('TracingConfig', '"Mode":"Active"').toSorted()).toEqual([
      'pilotlight-measure-data',
      'pilotlight-measure-spread',
      'pilotlight-schedule-looks',
      'pilotlight-watch',
      'pilotlight-watch-runs',
    ]);
    controller.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-watch',
      TracingConfig: Match.absent(),
    });
  });

  it('all have the configuration beside them, in the one layer', () => {
    controller.resourceCountIs('AWS::Lambda::LayerVersion', 1);
    controller.allResourcesProperties('AWS::Lambda::Function', {
      Layers: [{ Ref: Match.stringLikeRegexp('^ConfigLayer') }],
    });
  });

  it('have the time limit and memory of their rows', () => {
    controller.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-verify-route',
      Timeout: 840,
      MemorySize: 512,
    });
    controller.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-begin',
      Timeout: 10,
    });
  });

  it('reserve no concurrency, which would take it from the rest of the account', () => {
    controller.allResourcesProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
    });
  });

  it('keep their logs as long as the configuration says', () => {
    controller.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    // One for each function, the three of the watch, the two that measure, the one that watches over runs, and the two of the workflows.
    controller.resourceCountIs('AWS::Logs::LogGroup', 37);
  });
});

describe.each(['failover', 'failback'] as const)('the state machine of the %s', (workflow) => {
  const machine = ofType('AWS::StepFunctions::StateMachine').find(
    ({ Properties }) => Properties['StateMachineName'] === `pilotlight-${workflow}`,
  );

  it('has the very bytes of the workflow in the repository', () => {
    expect(machine?.Properties['DefinitionString']).toBe(readWorkflow(workflow));
  });

  it('binds every placeholder to the function of that name', () => {
    const bound = machine?.Properties['DefinitionSubstitutions'] as Record<
      string,
      { 'Fn::GetAtt': [string] }
    >;
    const names = Object.entries(bound).map(([placeholder, { 'Fn::GetAtt': target }]) => [
      placeholder,
      resources[target[0]]?.Properties['FunctionName'],
    ]);
    expect(names).toEqual([
      ['BeginFunctionArn', 'pilotlight-begin'],
      ['TakeLeaseFunctionArn', 'pilotlight-take-lease'],
      ['ConfirmOutageFunctionArn', 'pilotlight-confirm-outage'],
      ['LookAtFleetFunctionArn', 'pilotlight-look-at-fleet'],
      ['MoveRouteFunctionArn', 'pilotlight-move-route'],
      ['VerifyRouteFunctionArn', 'pilotlight-verify-route'],
      ['ShutFenceFunctionArn', 'pilotlight-shut-fence'],
      ['RequestApprovalFunctionArn', 'pilotlight-request-approval'],
      ['FindApprovalFunctionArn', 'pilotlight-find-approval'],
      ['HoldShareFunctionArn', 'pilotlight-hold-share'],
      ['StartPipelineFunctionArn', 'pilotlight-start-pipeline'],
      ['PollPipelineFunctionArn', 'pilotlight-poll-pipeline'],
      ['CancelPipelineFunctionArn', 'pilotlight-cancel-pipeline'],
      ['ScaleStandbyFunctionArn', 'pilotlight-scale-standby'],
      ['WakeStandbyFunctionArn', 'pilotlight-wake-standby'],
      ['ParkStandbyFunctionArn', 'pilotlight-park-standby'],
      ['PollStandbyFunctionArn', 'pilotlight-poll-standby'],
      ['WatchGrowthFunctionArn', 'pilotlight-watch-growth'],
      ['MeasureLossFunctionArn', 'pilotlight-measure-loss'],
      ['ApplyLastDataFunctionArn', 'pilotlight-apply-last-data'],
      ['SeePrimaryWellFunctionArn', 'pilotlight-see-primary-well'],
      ['CarryHomeFunctionArn', 'pilotlight-carry-home'],
      ['PromisePageFunctionArn', 'pilotlight-promise-page'],
      ['PutAwayStandbyFunctionArn', 'pilotlight-put-away-standby'],
      ['HearOrdersFunctionArn', 'pilotlight-hear-orders'],
      ['LookAtWorldFunctionArn', 'pilotlight-look-at-world'],
      ['CloseRunFunctionArn', 'pilotlight-close-run'],
      ['RecordFunctionArn', 'pilotlight-record'],
      ['AnnounceFunctionArn', 'pilotlight-announce'],
    ]);
  });

  it('is Standard and traced, and logs everything but the data, in which task tokens would travel', () => {
    controller.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: `pilotlight-${workflow}`,
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });
});

describe('without Slack', () => {
  it('nothing listens to the internet, and nothing reads the log of the workflow', () => {
    controller.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
    controller.resourceCountIs('AWS::Lambda::Url', 0);
    controller.resourceCountIs('AWS::Logs::SubscriptionFilter', 0);
  });
});

describe('the start', () => {
  it('comes from the controller’s own bus, by one rule for all that was sent there, whatever its name', () => {
    const onBus = ofType('AWS::Events::Rule').filter(({ Properties }) => 'EventBusName' in Properties);
    expect(onBus.map(({ Properties }) => Properties['Name'])).toEqual(['pilotlight-start']);
    controller.hasResourceProperties('AWS::Events::EventBus', { Name: 'pilotlight' });
    controller.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-start',
      State: 'ENABLED',
      EventBusName: { Ref: Match.stringLikeRegexp('^StartBus') },
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: Match.absent(), state: { value: ['ALARM'] } },
      },
    });
  });

  it('comes from the account’s own bus too, by the names of our alarms: those of the watch ring in this Region', () => {
    controller.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-start-here',
      State: 'ENABLED',
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: 'pilotlight-' }], state: { value: ['ALARM'] } },
      },
    });
  });

  it.each(['pilotlight-start', 'pilotlight-start-here'])(
    'by %s goes to the function that names runs, is tried for 15 minutes, and then kept for a person',
    (Name) => {
      controller.hasResourceProperties('AWS::Events::Rule', {
        Name,
        Targets: [
          {
            Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Watchstartrun'), 'Arn'] },
            RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 185 },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetters'), 'Arn'] } },
          },
        ],
      });
    },
  );

  it('reaches no workflow past that function', () => {
    const targets = ofType('AWS::Events::Rule').map(({ Properties }) =>
      JSON.stringify(Properties['Targets']),
    );
    expect(targets.filter((target) => /Fail(?:over|back)Machine/.test(target))).toEqual([]);
  });

  it('is followed to every end that the workflow did not see itself, by a rule on the account’s own bus', () => {
    controller.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-close-run',
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
          stateMachineArn: [
            { Ref: Match.stringLikeRegexp('^FailoverMachine') },
            { Ref: Match.stringLikeRegexp('^FailbackMachine') },
          ],
        },
      },
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Functionscloserun'), 'Arn'] },
          RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetters'), 'Arn'] } },
        },
      ],
    });
    controller.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      FunctionName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Functionscloserun'), 'Arn'] },
    });
  });

  it('lets nobody of another account put events on the bus', () => {
    controller.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });

  it('keeps dead letters encrypted for 14 days, takes them from its three rules alone, and refuses plain HTTP', () => {
    controller.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'pilotlight-controller-dead-letters',
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    const statements = ofType('AWS::SQS::QueuePolicy')
      .filter(({ Properties }) => JSON.stringify(Properties['Queues']).includes('DeadLetters'))
      .flatMap(
        ({ Properties }) =>
          (Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement,
      );
    expect(statements).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      ...[/^StartRule/, /^StartHere/, /^CloseEnded/].map((rule): unknown =>
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: {
            ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [expect.stringMatching(rule), 'Arn'] } },
          },
        }),
      ),
    ]);
  });
});
