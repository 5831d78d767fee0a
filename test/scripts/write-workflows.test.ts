import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { workflowNames } from '../../core/names.ts';
import { readWorkflow } from '../../statemachines/load.ts';
import { failover } from '../../statemachines/source/failover/failover.ts';
import { step } from '../../statemachines/source/shape.ts';

/* Goal: the files that are deployed are what their sources make, so that nobody mends the one and forgets the other. */

const SCRIPT = path.join(import.meta.dirname, '../../scripts/write-workflows.ts');
const run = (...options: string[]) => spawnSync(process.execPath, [SCRIPT, ...options], { encoding: 'utf8' });

describe('the workflow files', () => {
  it('are what their sources make', () => {
    expect(workflowNames).toEqual(['failover', 'failback']);
    expect(JSON.parse(readWorkflow('failover'))).toEqual(failover);
    expect(run('--check')).toMatchObject({ status: 0, stdout: 'the workflows are up to date\n' });
  });

  it('are not written where the order is not understood', () => {
    expect(run('--fix')).toMatchObject({ status: 2, stderr: 'got --fix, expected nothing or --check\n' });
  });
});

describe('a step', () => {
  const asked = { comment: 'Why.', payload: { 'run.$': '$.run' }, seconds: 20, retry: 'waits' } as const;

  it('is a call of one of our functions that keeps the whole answer and has a way out for every failure', () => {
    expect(
      step('take-lease', { ...asked, result: '$.lease', failure: 'Escalate', next: 'Go on' }),
    ).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '${TakeLeaseFunctionArn}', Payload: { 'run.$': '$.run' } },
      ResultSelector: { 'value.$': '$.Payload' },
      ResultPath: '$.lease',
      TimeoutSeconds: 20,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Escalate' }],
      Next: 'Go on',
    });
  });

  it('ends its branch where it leads nowhere, and tells failures apart in their order', () => {
    const failure = [
      { next: 'Try again', errors: ['StandbyLookTooOld'] },
      { next: 'Stop', at: '$.why' },
    ];
    const made = step('take-lease', { ...asked, failure, untilAnswered: true });
    expect(made).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      End: true,
      Catch: [
        { ErrorEquals: ['StandbyLookTooOld'], ResultPath: '$.failure', Next: 'Try again' },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.why', Next: 'Stop' },
      ],
    });
    expect(made).not.toHaveProperty('Next');
    expect(made).not.toHaveProperty('ResultPath');
  });
});
