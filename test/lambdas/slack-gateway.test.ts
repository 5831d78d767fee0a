import { createHmac } from 'node:crypto';
import type { SlackClick } from '../../core/slack/interaction.ts';
import { clickPayload, signedRequest, type HttpEvent } from '../../drill/clouds/slack/slack-click.ts';
import { makeSlackGateway, type HttpAnswer } from '../../lambdas/slack-gateway/slack-gateway.ts';
import {
  BOT_TOKEN,
  CHANNEL,
  mina,
  NOW,
  QUESTION_POST,
  SECRET_NAME,
  SIGNING_SECRET,
  slackWorld,
  TEAM,
} from './slack-fixture.ts';

const call = { remainingMs: () => 10_000 };
const button = {
  action_id: 'pilotlight-approve',
  value: '{"workload":"petclinic","execution":"run-1"}',
};

function gateway(options: { handOver?: (click: SlackClick) => Promise<void>; appId?: string } = {}) {
  const world = slackWorld();
  const clicks: SlackClick[] = [];
  const step = makeSlackGateway({
    home: { teamId: TEAM, channel: CHANNEL, appId: options.appId },
    clock: world.clock,
    log: world.log,
    secret: world.secret,
    handOver:
      options.handOver ??
      (async (click) => {
        clicks.push(click);
      }),
  });
  const ask = async (event: unknown): Promise<number> => ((await step(event, call)) as HttpAnswer).statusCode;
  const payload = clickPayload(world.slack, QUESTION_POST, { person: mina, button });
  const sign = (data: unknown = payload, more: { atMs?: number; base64?: boolean; secret?: string } = {}) =>
    signedRequest(data, { secret: SIGNING_SECRET, atMs: NOW, ...more });
  return { ...world, clicks, ask, step, payload, sign };
}

const withBody = (event: HttpEvent, body: string): HttpEvent => ({ ...event, body });
const withHeader = (event: HttpEvent, name: string, value: string): HttpEvent => ({
  ...event,
  headers: { ...event.headers, [name]: value },
});

describe('the Slack gateway', () => {
  it.each([true, false])('hands a signed click over and acknowledges (base64 %s)', async (base64) => {
    const { step, sign, payload, clicks, lines } = gateway();
    expect(await step(sign(payload, { base64 }), call)).toEqual({
      statusCode: 200,
      headers: { 'cache-control': 'no-store' },
      body: '',
    });
    expect(clicks).toEqual([
      {
        workload: 'petclinic',
        execution: 'run-1',
        answer: 'approve',
        user: { id: 'U0MINA', name: 'Mina' },
        message: { channel: CHANNEL, ts: '1795402800.000001' },
        at: NOW,
      },
    ]);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'a click was handed over',
        facts: { workload: 'petclinic', execution: 'run-1', answer: 'approve', user: 'U0MINA' },
      },
    ]);
  });

  it('reads header names in any case', async () => {
    const { ask, sign } = gateway();
    const event = sign();
    const headers = Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(await ask({ ...event, headers })).toBe(200);
  });

  type Forge = (world: ReturnType<typeof gateway>) => unknown;
  const refusals: readonly (readonly [string, number, string, Forge])[] = [
    ['a wrong secret', 401, 'signature wrong', ({ sign }) => sign(undefined, { secret: 'x'.repeat(32) })],
    [
      'a tampered body',
      401,
      'signature wrong',
      ({ sign }) => {
        const event = sign(undefined, { base64: false });
        return withBody(event, event.body.replace('run-1', 'run-2'));
      },
    ],
    [
      'a body cut short',
      401,
      'signature wrong',
      ({ sign }) => {
        const event = sign(undefined, { base64: false });
        return withBody(event, event.body.slice(0, -1));
      },
    ],
    ['no body', 401, 'signature wrong', ({ sign }) => ({ ...sign(), body: undefined })],
    ['no signature', 401, 'signature malformed', ({ sign }) => withHeader(sign(), 'x-slack-signature', '')],
    ['an old signature', 401, 'time stamp too old', ({ sign }) => sign(undefined, { atMs: NOW - 301_000 })],
    [
      'a future signature',
      401,
      'time stamp in the future',
      ({ sign }) => sign(undefined, { atMs: NOW + 301_000 }),
    ],
    [
      'a moved time stamp',
      401,
      'signature wrong',
      ({ sign }) => withHeader(sign(), 'x-slack-request-timestamp', String(NOW / 1000 - 1)),
    ],
    [
      'a body of megabytes',
      413,
      'body over 65536 bytes',
      ({ sign }) => withBody(sign(), 'A'.repeat(5_000_000)),
    ],
    [
      '64 KB and one byte',
      413,
      'body over 65536 bytes',
      ({ sign }) => withBody(sign(undefined, { base64: false }), 'a'.repeat(65_537)),
    ],
    [
      '64 KB in letters of two bytes',
      413,
      'body over 65536 bytes',
      ({ sign }) => withBody(sign(undefined, { base64: false }), 'é'.repeat(40_000)),
    ],
    [
      'base64 with a line break',
      400,
      'body is not base64',
      ({ sign }) => {
        const event = sign();
        return withBody(event, `${event.body.slice(0, 76)}\n${event.body.slice(76)}`);
      },
    ],
    [
      'JSON',
      400,
      'content type is not a form',
      ({ sign }) => withHeader(sign(), 'content-type', 'application/json'),
    ],
    [
      'GET',
      405,
      'method is not POST',
      ({ sign }) => ({
        ...sign(),
        requestContext: { http: { method: 'GET', path: '/' } },
      }),
    ],
    ['an event of another kind', 400, 'event is not payload format 2.0', () => ({ Records: [] })],
    ['a signed form without payload', 400, 'payload is not an interaction', ({ sign }) => sign(null)],
    [
      'another team',
      403,
      'foreign team',
      ({ sign, payload }) => sign({ ...payload, team: { id: 'T0FOREIGN' } }),
    ],
    ['no team', 403, 'foreign team', ({ sign, payload }) => sign({ ...payload, team: null })],
    [
      'a guest of another company',
      403,
      'foreign user',
      ({ sign, payload }) => sign({ ...payload, user: { id: 'U0MINA', name: 'Mina', team_id: 'T0FOREIGN' } }),
    ],
    [
      'another channel',
      403,
      'foreign channel',
      ({ sign, payload }) => sign({ ...payload, channel: { id: 'C0OTHER' } }),
    ],
    [
      'no actions',
      400,
      'block_actions not as documented',
      ({ sign, payload }) => sign({ ...payload, actions: [] }),
    ],
    [
      'a button with words of others',
      400,
      'value of the button is not ours',
      ({ sign, payload }) => sign({ ...payload, actions: [{ ...button, value: '{"execution":"run-1"}' }] }),
    ],
    [
      'two answers in one click',
      400,
      'more than one answer in one click',
      ({ sign, payload }) =>
        sign({ ...payload, actions: [button, { ...button, action_id: 'pilotlight-reject' }] }),
    ],
  ];
  it.each(refusals)('refuses %s with %i: %s', async (_, status, reason, forge) => {
    const world = gateway();
    expect(await world.ask(forge(world))).toBe(status);
    expect(world.clicks).toEqual([]);
    expect(world.lines).toEqual([
      { level: 'warn', message: 'a request was refused', facts: { status, reason } },
    ]);
  });

  it.each([
    ['an interaction of another type', { type: 'view_submission' }, 'interaction of another type'],
    ['a button of another app', { actions: [{ action_id: 'x' }] }, 'action that is not ours'],
  ])('acknowledges %s without effect', async (_, parts, reason) => {
    const { ask, sign, payload, clicks, lines } = gateway();
    expect(await ask(sign({ ...payload, ...parts }))).toBe(200);
    expect(clicks).toEqual([]);
    expect(lines).toEqual([{ level: 'info', message: 'nothing to do', facts: { reason } }]);
  });

  it('refuses two payloads in one form, though they are signed', async () => {
    const { ask, sign, payload, lines } = gateway();
    const json = encodeURIComponent(JSON.stringify(payload));
    const body = `payload=${json}&payload=${json}`;
    const hex = createHmac('sha256', SIGNING_SECRET)
      .update(`v0:${NOW / 1000}:${body}`)
      .digest('hex');
    const event = withHeader(sign(undefined, { base64: false }), 'x-slack-signature', `v0=${hex}`);
    expect(await ask(withBody(event, body))).toBe(400);
    expect(lines[0]?.facts['reason']).toBe('form has not exactly one payload');
  });

  it('listens to one app only where the configuration names it', async () => {
    const { ask, sign } = gateway({ appId: 'A0PILOT' });
    expect(await ask(sign())).toBe(200);
    const other = gateway({ appId: 'A0OTHER' });
    expect(await other.ask(other.sign())).toBe(403);
  });

  it('knows the secret before and after a rotation, and reads the new one at its first signature', async () => {
    const { ask, sign, secrets, pass, calls } = gateway();
    const fresh = '0123456789abcdef0123456789abcdef';
    expect(await ask(sign())).toBe(200);
    secrets.set(
      SECRET_NAME,
      JSON.stringify({ botToken: BOT_TOKEN, signingSecret: fresh, previousSigningSecret: SIGNING_SECRET }),
    );
    pass(60_000);
    expect(await ask(sign(undefined, { secret: fresh }))).toBe(200);
    expect(await ask(sign())).toBe(200);
    secrets.set(SECRET_NAME, JSON.stringify({ botToken: BOT_TOKEN, signingSecret: fresh }));
    pass(200_000);
    expect(await ask(sign(undefined, { secret: fresh, atMs: NOW + 260_000 }))).toBe(200);
    pass(200_000);
    expect(await ask(sign(undefined, { atMs: NOW + 460_000 }))).toBe(401);
    expect(calls.filter((name) => name === 'GetSecretValue').length).toBeLessThanOrEqual(4);
  });

  it('does not let a flood of forged requests become a flood of calls', async () => {
    const { ask, sign, calls, pass } = gateway();
    for (let count = 0; count < 200; count += 1) await ask(sign(undefined, { secret: 'x'.repeat(32) }));
    expect(calls).toEqual(['GetSecretValue']);
    pass(15_000);
    await ask(sign(undefined, { secret: 'x'.repeat(32) }));
    expect(calls).toEqual(['GetSecretValue', 'GetSecretValue']);
  });

  it('says 503 where the click could not be handed over, so that the person clicks again', async () => {
    const { ask, sign, lines } = gateway({ handOver: () => Promise.reject(new Error('no')) });
    expect(await ask(sign())).toBe(503);
    expect(lines).toMatchObject([{ level: 'warn', facts: { reason: 'our own cloud: Error' } }]);
  });

  it('says 503 where the secret cannot be read, and nothing is accepted', async () => {
    const { ask, sign, secrets, clicks } = gateway();
    secrets.set(SECRET_NAME, '{"botToken":"xoxb-1","signingSecret":""}');
    expect(await ask(sign())).toBe(503);
    expect(clicks).toEqual([]);
  });

  it('answers within its time even where the hand-over hangs', async () => {
    const world = slackWorld();
    const step = makeSlackGateway({
      home: { teamId: TEAM, channel: CHANNEL },
      clock: { now: () => NOW, sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) },
      log: world.log,
      secret: { signingSecrets: async () => [SIGNING_SECRET], newSigningSecrets: async () => null },
      handOver: () => new Promise<never>(() => undefined),
    });
    const payload = clickPayload(world.slack, QUESTION_POST, { person: mina, button });
    const event = signedRequest(payload, { secret: SIGNING_SECRET, atMs: NOW });
    expect(await step(event, call)).toMatchObject({ statusCode: 503 });
    expect(world.lines[0]?.facts['reason']).toBe('no answer of our own within 2500 ms');
  });

  it('writes neither secrets nor words of the request into its log', async () => {
    const world = gateway();
    for (const [, , , forge] of refusals) await world.ask(forge(world));
    const text = JSON.stringify(world.lines);
    expect(text).toContain('foreign team');
    for (const word of [SIGNING_SECRET, BOT_TOKEN, 'v0=', 'T0FOREIGN', 'run-2', 'payload=']) {
      expect(text).not.toContain(word);
    }
  });
});
