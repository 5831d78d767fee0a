import fc from 'fast-check';
import { readInteraction } from '../../../core/slack/interaction.ts';

const home = { teamId: 'T0PETCLINIC', channel: 'C0FAILOVER' };
const payload = {
  type: 'block_actions',
  api_app_id: 'A0PILOT',
  user: { id: 'U0MINA', username: 'mina', team_id: 'T0PETCLINIC' },
  team: { id: 'T0PETCLINIC' },
  enterprise: null,
  channel: { id: 'C0FAILOVER' },
  message: { ts: '1.2' },
  actions: [{ action_id: 'pilotlight-reject', value: '{"workload":"petclinic","execution":"run-1"}' }],
};
const read = (parts: object = {}, where: Parameters<typeof readInteraction>[1] = home) =>
  readInteraction(JSON.stringify({ ...payload, ...parts }), where);

describe('an interaction', () => {
  it('becomes a click, by the display name where Slack gives one', () => {
    expect(read()).toEqual({
      kind: 'click',
      click: {
        workload: 'petclinic',
        execution: 'run-1',
        answer: 'reject',
        user: { id: 'U0MINA', name: 'mina' },
        message: { channel: 'C0FAILOVER', ts: '1.2' },
      },
    });
    expect(read({ user: { id: 'U0MINA', name: 'Mina', username: 'mina' } })).toMatchObject({
      click: { user: { name: 'Mina' } },
    });
    expect(read({ user: { id: 'U0MINA' } })).toMatchObject({ click: { user: { name: 'U0MINA' } } });
  });

  it('of an organisation may come from any of its teams, and from no other organisation', () => {
    const grid = { ...home, teamId: 'E0PETCLINIC' };
    const from = (enterprise: string) => ({
      enterprise: { id: enterprise },
      team: { id: 'T0ANY' },
      user: { id: 'U0MINA', team_id: 'T0OTHER' },
    });
    expect(read(from('E0PETCLINIC'), grid).kind).toBe('click');
    expect(read(from('E0FOREIGN'), grid)).toEqual({ kind: 'foreign', reason: 'foreign team' });
  });

  it.each([
    ['another app', {}, { ...home, appId: 'A0OTHER' }, { kind: 'foreign', reason: 'foreign app' }],
    [
      'an unknown type',
      { type: 'shortcut' },
      home,
      { kind: 'ignored', reason: 'interaction of another type' },
    ],
    [
      'another button',
      { actions: [{ action_id: 'x', value: '{' }] },
      home,
      { kind: 'ignored', reason: 'action that is not ours' },
    ],
    ['no type', { type: undefined }, home, { kind: 'malformed', reason: 'payload is not an interaction' }],
    [
      'no message',
      { message: undefined },
      home,
      { kind: 'malformed', reason: 'block_actions not as documented' },
    ],
    [
      'a value with a task token in it',
      {
        actions: [
          { action_id: 'pilotlight-approve', value: '{"workload":"w","execution":"e","taskToken":"t"}' },
        ],
      },
      home,
      { kind: 'malformed', reason: 'value of the button is not ours' },
    ],
    [
      'an execution of more than 80 characters',
      {
        actions: [
          {
            action_id: 'pilotlight-approve',
            value: JSON.stringify({ workload: 'w', execution: 'e'.repeat(81) }),
          },
        ],
      },
      home,
      { kind: 'malformed', reason: 'value of the button is not ours' },
    ],
  ])('of %s is no click', (_, parts, where, expected) => {
    expect(read(parts, where)).toEqual(expected);
  });

  it('never throws, whatever the payload is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readInteraction(text, home).kind).not.toBe('click');
      }),
      { numRuns: 1_000 },
    );
    expect(readInteraction('null', home).kind).toBe('malformed');
    expect(readInteraction('{"type":"block_actions","__proto__":{}}', home).kind).toBe('malformed');
  });
});
