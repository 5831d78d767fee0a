import { runScenario } from '../fixture.ts';
import type { PersonPlan, Scenario } from '../../../drill/scenario.ts';
import { readScenario } from '../../../drill/scenario.ts';

/*
 * Goal: people do what their plans say and nothing else, through the doors that are there: a signed click, or the command
 * line. Method: whole runs, because what people do is only real in front of a run that waits for them.
 */

jest.setTimeout(60_000);

const APPROVER = { name: 'the first approver', id: 'U0FIRST01' };

async function runWith(people: readonly PersonPlan[], changes: Partial<Scenario> = {}) {
  const { scenario } = readScenario('approval-approved');
  const { report, journal } = await runScenario('approval-approved', 3, {
    scenario: { ...scenario, ...changes, people: [...people] },
  });
  const said = journal.filter(({ who }) => who === 'people').map(({ event }) => event);
  return { report, said, states: report.states, rules: report.rules.filter(({ held }) => !held) };
}

const plan = (changes: Partial<PersonPlan> = {}): PersonPlan => ({
  ...APPROVER,
  by: 'slack',
  does: 'approve',
  afterSeconds: 30,
  clicks: 1,
  ...changes,
});

describe('people in front of Slack', () => {
  it('see the question and answer after as long as they take', async () => {
    const { report, said, rules } = await runWith([plan({ afterSeconds: 40 })]);
    expect(report.outcome).toBe('FailedOver');
    expect(said).toEqual(['Slack asks for approval', 'the first approver clicks Approve']);
    const at = (event: string): number =>
      Date.parse(report.timeline.find((line) => line.event === `people: ${event}`)?.at ?? '');
    expect((at('the first approver clicks Approve') - at('Slack asks for approval')) / 1000).toBe(40);
    expect(rules).toEqual([]);
  });

  it('decide once, however often they press', async () => {
    const { report, said, rules } = await runWith([plan({ clicks: 5 })]);
    expect(said).toContain('the first approver clicks Approve 5 times');
    expect(report.outcome).toBe('FailedOver');
    expect(rules).toEqual([]);
  });

  it('press in vain where they may not decide', async () => {
    const { report, said } = await runWith([plan({ name: 'somebody else', id: 'U0STRANGER' })]);
    expect(said).toContain('somebody else clicks Approve');
    expect(report.outcome).not.toBe('FailedOver');
  });

  it('stop the failover when one of them says no', async () => {
    const { report, states } = await runWith([plan({ does: 'reject' })]);
    expect(report.outcome).toBe('Rejected');
    expect(states).not.toContain('Switch to the standby');
  });
});

describe('people at the command line', () => {
  it('answer without Slack', async () => {
    const operator = plan({
      name: 'the operator',
      id: 'arn:aws:iam::111122223333:user/on-call',
      by: 'command-line',
      afterSeconds: 150,
    });
    const { report, said } = await runWith([operator], { slackDown: true });
    expect(report.outcome).toBe('FailedOver');
    expect(said).toEqual(['the operator answers by the command line: approve']);
  });

  it('are refused under a name that the policy does not know', async () => {
    const stranger = plan({ id: 'arn:aws:iam::111122223333:user/stranger', by: 'command-line' });
    expect((await runWith([stranger])).report.outcome).not.toBe('FailedOver');
  });
});
