import { workflowNames } from '../../core/names.ts';
import { bind, placeholdersIn, placeholdersOf, readWorkflow } from '../../statemachines/load.ts';

describe('load: reading', () => {
  it('gives every workflow as the text that is deployed', () => {
    expect(workflowNames).toEqual(['failover', 'failback']);
    for (const name of workflowNames) expect(readWorkflow(name)).toMatch(/^\{\n {2}"Comment": "/);
  });
});

describe('load: placeholders', () => {
  it('are found once each, in the order of the text', () => {
    expect(placeholdersIn('"${B}", "${A}", "${B}"')).toEqual(['B', 'A']);
  });

  it('are not what only looks like one', () => {
    expect(placeholdersIn('"$.run", "$$.Execution.Name", "$A", "${}", "${a-b}"')).toEqual([]);
  });

  it('stand each for one function', () => {
    const values = placeholdersOf((name) => `arn:${name}`);
    expect(values).toEqual({
      BeginFunctionArn: 'arn:begin',
      TakeLeaseFunctionArn: 'arn:take-lease',
      ConfirmOutageFunctionArn: 'arn:confirm-outage',
      MeasureLossFunctionArn: 'arn:measure-loss',
      ApplyLastDataFunctionArn: 'arn:apply-last-data',
      MoveRouteFunctionArn: 'arn:move-route',
      VerifyRouteFunctionArn: 'arn:verify-route',
      RequestApprovalFunctionArn: 'arn:request-approval',
      FindApprovalFunctionArn: 'arn:find-approval',
      HoldShareFunctionArn: 'arn:hold-share',
      HearOrdersFunctionArn: 'arn:hear-orders',
      LookAtFleetFunctionArn: 'arn:look-at-fleet',
      StartPipelineFunctionArn: 'arn:start-pipeline',
      PollPipelineFunctionArn: 'arn:poll-pipeline',
      CancelPipelineFunctionArn: 'arn:cancel-pipeline',
      ScaleStandbyFunctionArn: 'arn:scale-standby',
      WakeStandbyFunctionArn: 'arn:wake-standby',
      ParkStandbyFunctionArn: 'arn:park-standby',
      PollStandbyFunctionArn: 'arn:poll-standby',
      ShutFenceFunctionArn: 'arn:shut-fence',
      WatchGrowthFunctionArn: 'arn:watch-growth',
      SeePrimaryWellFunctionArn: 'arn:see-primary-well',
      CarryHomeFunctionArn: 'arn:carry-home',
      PromisePageFunctionArn: 'arn:promise-page',
      PutAwayStandbyFunctionArn: 'arn:put-away-standby',
      LookAtWorldFunctionArn: 'arn:look-at-world',
      CloseRunFunctionArn: 'arn:close-run',
      RecordFunctionArn: 'arn:record',
      AnnounceFunctionArn: 'arn:announce',
    });
  });
});

describe('load: binding', () => {
  it('puts in every value, wherever its placeholder stands', () => {
    expect(bind('"${A}" and "${B}" and "${A}"', { A: '1', B: '2' })).toBe('"1" and "2" and "1"');
  });

  it('leaves nothing of the workflow unbound', () => {
    const bound = bind(
      readWorkflow('failover'),
      placeholdersOf((name) => `arn:${name}`),
    );
    expect(bound).not.toContain('${');
    expect(bound).toContain('"FunctionName": "arn:confirm-outage"');
  });

  it('takes a value as it is, whatever it looks like', () => {
    expect(bind('"${A}"', { A: '$& ${B} $1' })).toBe('"$& ${B} $1"');
  });

  it('takes an empty value and one that nobody asked for', () => {
    expect(bind('"${A}"', { A: '', Z: 'unused' })).toBe('""');
  });

  it('names every placeholder that has no value, and those that there are', () => {
    expect(() => bind('${A} ${B} ${C} ${B}', { C: '3', D: '4' })).toThrow(
      new Error('No value for A, B; expected one of C, D'),
    );
  });
});
