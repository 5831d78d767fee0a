import { executionArnOf, LEDGER_TABLE, machineArnOf } from '../../core/names.ts';
import { names } from '../../lib/names.ts';

const place = { account: '111122223333', region: 'ap-northeast-1' };

describe('the names of the controller', () => {
  it('are the ones that the stacks deploy', () => {
    expect(LEDGER_TABLE).toBe(names.ledgerTable);
    expect(LEDGER_TABLE).toBe('pilotlight-ledger');
  });

  it('tell by the name of an execution which workflow it is of', () => {
    expect(executionArnOf(place, 'failback-petclinic-1')).toBe(
      'arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failback:failback-petclinic-1',
    );
    expect(machineArnOf(place, 'failback')).toBe(
      'arn:aws:states:ap-northeast-1:111122223333:stateMachine:pilotlight-failback',
    );
    expect(executionArnOf(place, 'alarm-failback-1')).toMatch(/:pilotlight-failover:alarm-failback-1$/);
  });

  it('make the ARNs of the workflow and of its executions', () => {
    expect(machineArnOf(place)).toBe(
      'arn:aws:states:ap-northeast-1:111122223333:stateMachine:pilotlight-failover',
    );
    expect(executionArnOf(place, 'run-1')).toBe(
      'arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failover:run-1',
    );
  });
});
