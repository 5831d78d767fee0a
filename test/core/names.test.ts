import { executionArnOf, FAILOVER_MACHINE, LEDGER_TABLE, machineArnOf } from '../../core/names.ts';
import { names } from '../../lib/names.ts';

const place = { account: '111122223333', region: 'ap-northeast-1' };

describe('the names of the controller', () => {
  it('are the ones that the stacks deploy', () => {
    expect([LEDGER_TABLE, FAILOVER_MACHINE]).toEqual([names.ledgerTable, names.machine]);
    expect([LEDGER_TABLE, FAILOVER_MACHINE]).toEqual(['pilotlight-ledger', 'pilotlight-failover']);
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
