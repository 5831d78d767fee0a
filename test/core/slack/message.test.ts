import fc from 'fast-check';
import type { Approval } from '../../../core/approval/approval.ts';
import type { Workload } from '../../../core/config/schema.ts';
import { decidedMessage, endedMessage, startedMessage, stoppedMessage } from '../../../core/slack/message.ts';
import { questionMessage, reminderMessage } from '../../../core/slack/question.ts';
import { recordOf } from '../../../core/run/story.ts';
import { blocksProblem } from '../../../drill/clouds/slack/slack.ts';
import { shippedWorkload } from '../config-fixture.ts';
import { workflowStateSchema, type WorkflowState } from '../../../core/run/state.ts';
import { RUN } from '../run/state-fixture.ts';

const NOW = Date.parse('2026-11-22T03:03:00.000Z');
const approval = (parts: Partial<Approval> = {}): Approval => ({
  execution: 'execution-1',
  workload: 'petclinic',
  state: 'pending',
  needed: 1,
  approvers: { slackUserIds: ['U0MINA'], principals: [] },
  answers: [],
  requestedAt: NOW,
  expiresAt: NOW + 600_000,
  message: null,
  ...parts,
});
const minas = (answer: 'approve' | 'reject') => ({
  decider: { kind: 'slack', id: 'U0MINA', name: 'Mina <b>' } as const,
  answer,
  at: NOW,
});
const brake = { on: true, owner: 'Jun', reason: 'we move house <today>' };
const signal = (place: string, observation: string, detail = 'no answer') => ({
  source: `probe:primary:${place}`,
  kind: 'probe',
  place,
  observation,
  detail,
});
const verified = (firstGoodAt: string, convergedAt: string) => ({
  firstGoodAt,
  convergedAt,
  firstPlaceSeconds: 20,
  lastPlaceSeconds: 30,
  places: [],
});
const moved = (origin: string, movedAt: string) => ({ value: { origin, movedAt } });
/** A run that went all the way: the outage at 03:00:00, the first good answer at 03:20:00. */
const state = (signals: readonly object[], parts: object = {}): WorkflowState =>
  workflowStateSchema.parse({
    run: RUN,
    outcome: { name: 'FailedOver' },
    lease: { value: { taken: true, epoch: 4 } },
    confirmation: {
      value: {
        verdict: 'outage',
        summary: '4 of 6 signals bad',
        since: '2026-11-22T03:00:00.000Z',
        decidedAt: '2026-11-22T03:02:15.000Z',
        signals,
      },
    },
    shield: moved('maintenance', '2026-11-22T03:02:16.000Z'),
    prepared: {
      standby: { checkedAt: '2026-11-22T03:19:00.000Z' },
      shield: verified('2026-11-22T03:02:30.000Z', '2026-11-22T03:04:00.000Z'),
    },
    switched: moved('standby', '2026-11-22T03:19:30.000Z'),
    verified: { value: verified('2026-11-22T03:20:00.000Z', '2026-11-22T03:20:10.000Z') },
    ...parts,
  });
const question = (parts: { workload?: Workload; signals?: readonly object[]; on?: boolean } = {}) =>
  questionMessage({
    approval: approval(),
    workload: parts.workload ?? shippedWorkload(),
    state: state(parts.signals ?? [signal('us-west-2', 'good'), signal('eu-central-1', 'bad')]),
    ...(parts.on === true ? { brake } : {}),
  });

describe('the message of a run that asks nobody', () => {
  it('says how to see where users are, and claims no shield: a degraded site has none yet', () => {
    const { blocks } = startedMessage(
      { workload: 'petclinic', execution: 'execution-1', at: NOW },
      shippedWorkload(),
    );
    expect(JSON.stringify(blocks)).toContain(
      'A run acts on it; the thread follows. `pilotlight status` says where users are.',
    );
    expect(JSON.stringify(blocks)).not.toContain('maintenance page');
  });
});

describe('the question', () => {
  it('shows the evidence, what will happen, what it costs and what may be lost', () => {
    const text = JSON.stringify(question().blocks);
    for (const part of [
      'PetClinic: may it fail over to the standby?',
      'alarm pilotlight-petclinic-edge-5xx in us-east-1: over 25',
      '*Verdict*\\noutage',
      '*Since*\\n2026-11-22T03:00:00.000Z',
      '4 of 6 signals bad',
      '*eu-central-1*: 1 bad, 0 degraded, 0 good, 0 unknown',
      '*us-west-2*: 0 bad, 0 degraded, 1 good, 0 unknown',
      'the pipeline 42 builds the standby in rg-petclinic-standby',
      '*What it costs*\\nThe standby is paid for by the hour',
      '*What may be lost*\\nWhatever the primary took after the newest backup',
      'pilotlight approve petclinic',
    ]) {
      expect(text).toContain(part);
    }
    // The worst place comes first.
    expect(text.indexOf('*eu-central-1*')).toBeLessThan(text.indexOf('*us-west-2*'));
  });

  it('shows what would be lost as it was measured, in place of the general words', () => {
    const loss = {
      ...{ point: '2026-11-22T02:59:48.000Z', lossSeconds: 12, detail: null },
      measuredAt: '2026-11-22T03:03:00.000Z',
    };
    const message = questionMessage({
      approval: approval(),
      workload: shippedWorkload(),
      state: state([]),
      loss,
    });
    const words = 'To approve now would lose 12 s of writes (recovery point 02:59:48 UTC).';
    expect(message.text).toContain(words);
    expect(JSON.stringify(message.blocks)).toContain(
      `*What may be lost*\\n${words} The shield keeps new writes from being lost.`,
    );
    expect(JSON.stringify(message.blocks)).not.toContain('newest backup');
    expect(blocksProblem(message.blocks)).toBeNull();
    const unknown = { ...loss, point: null, lossSeconds: null, detail: 'no whole dump is in the store' };
    const reminder = reminderMessage(approval(), NOW, unknown).text;
    expect(reminder).toContain('left. Nobody knows what would be lost: no whole dump is in the store.');
  });

  it('says of a degraded site that users stay until the standby is ready, and why it is trusted less', () => {
    const asked = state([signal('us-west-2', 'degraded')]);
    const confirmation = {
      value: { ...asked.confirmation!.value, verdict: 'degraded', unrest: 'It is restless.' },
    };
    const text = JSON.stringify(
      questionMessage({
        approval: approval(),
        workload: shippedWorkload(),
        state: { ...asked, confirmation },
      }).blocks,
    );
    expect(text).toContain('users stay on the primary until the standby is ready');
    expect(text).not.toContain('from now until the end');
    expect(text).toContain('It is restless.');
    expect(text).toContain('*us-west-2*: 0 bad, 1 degraded, 0 good, 0 unknown');
    expect(JSON.stringify(question().blocks)).toContain('from now until the end');
  });

  it('says when the building begins', () => {
    const workload = shippedWorkload();
    const policy = { ...workload.policy, startStandby: 'on-approval' } as const;
    const after = question({ workload: { ...workload, policy } });
    expect(JSON.stringify(after.blocks)).toContain('(it begins with the approval; limit 60 min)');
    expect(JSON.stringify(question().blocks)).toContain('(it is building already; limit 60 min)');
  });

  it('has two buttons that ask once more and carry no more than two names', () => {
    const { elements } = question().blocks.find(
      (block) => (block as { type: string }).type === 'actions',
    ) as {
      elements: { action_id: string; value: string; confirm: { title: { text: string } } }[];
    };
    expect(elements.map(({ action_id, value, confirm }) => [action_id, value, confirm.title.text])).toEqual([
      ['pilotlight-approve', '{"workload":"petclinic","execution":"execution-1"}', 'Approve the failover?'],
      ['pilotlight-reject', '{"workload":"petclinic","execution":"execution-1"}', 'Reject the failover?'],
    ]);
  });

  it('says that nobody confirmed the outage where a person vouched for it', () => {
    const vouched = questionMessage({
      approval: approval({ needed: 2 }),
      workload: shippedWorkload(),
      state: state([], { confirmation: undefined }),
    });
    expect(JSON.stringify(vouched.blocks)).toContain('a person vouches for the outage');
    expect(JSON.stringify(vouched.blocks)).toContain('two different approvers');
    expect(blocksProblem(vouched.blocks)).toBeNull();
  });

  it('shows the brake where it is on, and nothing of it where it is off', () => {
    expect(JSON.stringify(question({ on: true }).blocks)).toContain('we move house &lt;today&gt; (Jun)');
    expect(JSON.stringify(question().blocks)).not.toContain('The brake is on');
  });

  it('is taken by Slack whatever stands in names, reasons and signals', () => {
    const long = fc.string({ unit: 'binary', maxLength: 4_000 }).map((text) => `${text}<!here>&`);
    fc.assert(
      fc.property(long, long, fc.nat({ max: 60 }), (name, words, count) => {
        const workload = { ...shippedWorkload(), displayName: name };
        const base = state(
          Array.from({ length: count }, (_, index) => signal(`p${index % 5}${words}`, 'bad', words)),
        );
        const whole = { ...base, run: { ...base.run, reason: words, requestedBy: name } };
        const record = { ...recordOf(whole, '2026-11-22T03:20:30.000Z'), why: words };
        const messages = [
          questionMessage({
            approval: approval(),
            workload,
            state: whole,
            brake: { ...brake, reason: words },
          }),
          endedMessage(record, {
            site: workload,
            approval: approval({ answers: [minas('approve')] }),
            brake,
          }),
          decidedMessage(approval({ state: 'approved', answers: [minas('approve')] }), workload, brake),
          startedMessage({ workload: 'petclinic', execution: words, at: NOW }, workload, brake),
          stoppedMessage({ execution: words, how: words, site: workload, brake }),
        ];
        for (const { text, blocks } of messages) {
          expect(blocksProblem(blocks)).toBeNull();
          expect(text.length).toBeLessThanOrEqual(4_000);
          expect(JSON.stringify(blocks)).not.toContain('"verbatim":false');
          expect(text).not.toContain('<!here>');
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the messages after it', () => {
  it('remind of what is missing and how long it may still take', () => {
    expect(reminderMessage(approval(), NOW + 480_001)).toEqual({
      text: 'Nobody has answered yet; 1 approval is missing, and 2 min are left.',
    });
    expect(reminderMessage(approval({ needed: 2, answers: [minas('approve')] }), NOW + 900_000).text).toBe(
      'Mina &lt;b&gt; approved; 1 approval is missing, and 0 min are left.',
    );
  });

  it.each([
    [
      'approved',
      'approve',
      'PetClinic: the failover is approved',
      'approved by Mina &lt;b&gt; <!date^1795316580^',
    ],
    ['rejected', 'reject', 'PetClinic: the failover is rejected', 'rejected by Mina &lt;b&gt;'],
  ] as const)('say who decided and when, without a button (%s)', (decision, answer, headline, words) => {
    const { text, blocks } = decidedMessage(
      approval({ state: decision, answers: [minas(answer)] }),
      shippedWorkload(),
    );
    expect(text).toBe(headline);
    expect(JSON.stringify(blocks)).toContain(words);
    expect(JSON.stringify(blocks)).not.toContain('"actions"');
  });

  it('say that nobody answered', () => {
    const { blocks } = decidedMessage(approval({ state: 'closed' }), shippedWorkload());
    expect(JSON.stringify(blocks)).toContain('Nobody answered.');
  });

  it('end with the outcome, the RTO by phase and who decided', () => {
    const record = recordOf(state([]), '2026-11-22T03:20:30.000Z');
    const { text, blocks } = endedMessage(record, {
      site: shippedWorkload(),
      approval: approval({ state: 'approved', answers: [minas('approve')] }),
    });
    const all = JSON.stringify(blocks);
    expect(text).toContain('PetClinic: failed over to the standby');
    expect(all).toContain('*RTO*\\n1200 s\\ndetect 120 s\\nconfirm 15 s');
    expect(all).toContain('*Decided by*\\nMina &lt;b&gt;');
    expect(all).not.toContain('"actions"');
  });

  it('send a person to the route where the run left no record', () => {
    const { blocks } = stoppedMessage({ execution: 'e', how: 'was stopped', site: shippedWorkload() });
    expect(JSON.stringify(blocks)).toContain('pilotlight route show');
  });
});

describe('the question of a planned move', () => {
  const loss = {
    ...{ point: '2026-11-22T03:01:50.000Z', lossSeconds: 10, detail: null },
    ...{ measuredAt: '2026-11-22T03:02:00.000Z', planned: { pageSeconds: 132, barrier: null } },
  };
  const asked = (parts: object = {}) =>
    JSON.stringify(
      questionMessage({
        approval: approval(),
        workload: shippedWorkload(),
        state: state([], { confirmation: undefined, run: { ...RUN, planned: true }, ...parts }),
        loss,
      }),
    );

  it('says that it is one, what it promises and how else it may end, and nothing of an outage', () => {
    const parts = [
      'PetClinic: may its planned move to the standby begin?',
      'a planned move: the primary is well, and there is no outage',
      'No acknowledged write is lost. Users see the maintenance page for about 132 s.',
      'users stay on the primary until the standby is ready',
      'if the primary dies meanwhile, the run goes on as a failover',
      'Approve the planned move',
    ];
    expect(parts.filter((part) => !asked().includes(part))).toEqual([]);
    expect(asked()).not.toContain('vouches for the outage');
  });

  it('is that of a failover once the primary has died', () => {
    const text = asked({ ungraceful: { at: '2026-11-22T03:10:00.000Z' } });
    expect(text).toContain('may it fail over to the standby?');
    expect(text).toContain('the primary went down during a planned move');
    expect(text).toContain('Approve the failover');
  });
});
