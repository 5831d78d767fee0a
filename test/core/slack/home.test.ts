import type { Approval } from '../../../core/approval/approval.ts';
import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import type { Workload } from '../../../core/config/schema.ts';
import type { WorkflowState } from '../../../core/run/state.ts';
import { questionMessage } from '../../../core/slack/question.ts';
import { blocksProblem } from '../../../drill/clouds/slack/slack.ts';
import { dataWithWorkload } from '../config-fixture.ts';
import { homeState, homeWith } from '../run/home-fixture.ts';

/*
 * Goal: who lets a site come home reads what was found, for how long users will see the page, and what happens to the standby.
 */

const NOW = Date.parse('2026-11-22T04:20:00.000Z');
const approval = (needed: Approval['needed'] = 1): Approval => ({
  ...{ execution: 'failback-1', workload: 'petclinic', state: 'pending', needed, answers: [] },
  ...{ approvers: { slackUserIds: ['U0MINA'], principals: [] }, message: null },
  ...{ requestedAt: NOW, expiresAt: NOW + 600_000 },
});
const workload = (changes: object = {}): Workload =>
  workloadOf(
    parseConfig(dataWithWorkload({ data: { mode: 'ship', account: 'petclinicdata' }, ...changes })),
    'petclinic',
  );
const settled = {
  lease: { value: { taken: true, epoch: 4, settle: { seconds: 90, why: '90 s, as measured' } } },
};
const ask = (
  state: WorkflowState = homeState(settled),
  own: Workload = workload(),
  needed: Approval['needed'] = 1,
) => questionMessage({ approval: approval(needed), workload: own, state });
const textOf = (...asked: Parameters<typeof ask>): string => JSON.stringify(ask(...asked).blocks);

describe('the question of a way home', () => {
  it('says what was found, for how long the page is up, and what will happen', () => {
    const text = textOf();
    for (const part of [
      'PetClinic: may it come home to the primary?',
      'Started by mina: Seoul is well',
      '*What it is*\\na way home: users are on the standby, and are well there',
      '*The primary*\\nthe primary is good for 60 s (60 needed)',
      '*The page*\\nat most 302 s',
      '*The first load took*\\n100 s; the last one has what was written since',
      '*Orphans*\\n2 transactions that only the primary had are kept in a file; a person decides about them',
      '*Who decides*\\none approver, until 2026-11-22T04:30:00.000Z',
      '• the page must be up everywhere first: no sooner than after 90 s, as measured',
      '• the last data are loaded, and both sides are compared, table by table',
      '• until the route is moved every failure returns users to the standby, with nothing lost',
      '• all users go home at once',
      '• the standby is destroyed',
      'Approve the way home',
      'All users of PetClinic see the page for the last data, and then go home.',
      'The run stops, and users of PetClinic stay on the standby.',
      'pilotlight approve petclinic',
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/fail over|What may be lost/);
    expect(blocksProblem(ask().blocks)).toBeNull();
  });

  it('says the same where blocks are not shown', () => {
    expect(ask().text).toContain('PetClinic: may it come home to the primary? What it is: a way home');
    expect(ask().text).toContain('The page: at most 302 s.');
  });

  it.each<[number, string, string]>([
    [0, '', 'none: the standby had everything'],
    [1, '', '1 transaction that only the primary had is kept in a file; a person decides about it'],
    [0, 'a:1-9', '0 kept in a file of those that only the primary had; a part of its log was gone already'],
    [3, 'a:1-9', '3 kept in a file of those that only the primary had; a part of its log was gone already'],
  ])('says of %d orphans, with %j missing in the log: %s', (transactions, missing, words) => {
    const result = {
      folder: 'x',
      manifest: { transactions, missing, exportedAt: '2026-11-22T04:01:00.000Z' },
    };
    const orphans = { value: { state: 'done', seconds: 1, result } };
    expect(textOf(homeWith({ orphans }))).toContain(`*Orphans*\\n${words}"`);
  });

  it('claims nothing that was not looked at', () => {
    const text = textOf(
      homeWith({ primary: undefined, page: undefined, loaded: undefined, orphans: undefined }),
    );
    expect(text).toContain('*The primary*\\nnot looked at yet');
    expect(text).toContain('*The page*\\nnobody knows for how long');
    expect(text).not.toMatch(/The first load took|\*Orphans\*|must be up everywhere/);
  });

  it('of a site that brings its data home itself waits for its word', () => {
    const own = workload({ data: { mode: 'none' } });
    const text = textOf(homeState(), own);
    expect(text).toContain('until the site itself says that nothing is missing on the primary');
    expect(text).not.toContain('the last data are loaded');
  });

  it('names the shares, and both people where two must agree', () => {
    const canary = { shares: [5, 25], holdSeconds: 60, errorPercentMax: 5 };
    const text = textOf(homeState(), workload({ 'policy.canary': canary }), 2);
    expect(text).toContain('users go home in shares (5 %, 25 %), then all');
    expect(text).toContain('two different approvers, until');
  });

  it('says that the standby stays where the policy keeps it', () => {
    const text = textOf(homeState(), workload({ 'policy.failback': { putAway: false } }));
    expect(text).toContain('the standby stays as it is, and costs money');
    expect(text).not.toContain('the standby is destroyed');
  });
});
