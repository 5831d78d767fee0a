import { createHmac } from 'node:crypto';
import { clickPayload, signedRequest, type HttpEvent } from '../../drill/clouds/slack/slack-click.ts';
import { makeSlackGateway, type HttpAnswer } from '../../lambdas/slack-gateway/slack-gateway.ts';
import { CHANNEL, mina, NOW, QUESTION_POST, SIGNING_SECRET, slackWorld, TEAM } from './slack-fixture.ts';

/*
 * Goal: no request is accepted that Slack did not sign. Method: take signed requests, change them in every way that we
 * can think of, and hold the gateway's answer against a judge of its own: is the signature in the headers the one of the
 * bytes that arrived, made in the last five minutes?
 */

const REQUESTS = 100_000;
/** Time of the processor for all of them, milliseconds; what else the machine does must not matter. */
const LIMIT_MS = 20_000;
const DIGITS = Array.from('0123456789abcdef');
const SEED = 0x51_ac_c0_de;

/** A small generator of random numbers (mulberry32): the same seed gives the same requests. */
function randomOf(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  return { next, below, pick };
}
type Random = ReturnType<typeof randomOf>;

const header = (event: HttpEvent, name: string, value: string): HttpEvent => ({
  ...event,
  headers: { ...event.headers, [name]: value },
});

const flipBit = (text: string, random: Random): string => {
  if (text === '') return 'x';
  const at = random.below(text.length);
  const code = text.charCodeAt(at) ^ (1 << random.below(7));
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
};

const splice = (text: string, random: Random): string => {
  const at = random.below(text.length + 1);
  const piece = random.pick([' ', '\n', '=', '&', '%', '+', '\0', 'é', '😀', '&payload={}', 'A']);
  return text.slice(0, at) + (random.next() < 0.5 ? piece : '') + text.slice(at + 1 + random.below(3));
};

const TIMESTAMP = 'x-slack-request-timestamp';
const SIGNATURE = 'x-slack-signature';
type Mutation = (event: HttpEvent, random: Random) => HttpEvent;

const inBody =
  (change: (text: string, random: Random) => string): Mutation =>
  (event, random) => ({ ...event, body: change(event.body, random) });

const inHeader =
  (name: string, change: (text: string, random: Random) => string): Mutation =>
  (event, random) =>
    header(event, name, change(event.headers[name] ?? '', random));

/** Changes the bytes under the base64, and encodes them again as it should be. */
const underBase64: Mutation = (event, random) => {
  if (!event.isBase64Encoded) return event;
  const bytes = Buffer.from(event.body, 'base64');
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return { ...event, body: bytes.toString('base64') };
};

const mutations: readonly Mutation[] = [
  inBody(flipBit),
  inBody(splice),
  inBody((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  inBody((text) => text.replace(/=+$/, '')),
  inBody((text) => `${text}=`),
  inBody((text, random) => text.slice(0, random.below(text.length + 1))),
  inBody(() => ''),
  underBase64,
  (event) => ({ ...event, isBase64Encoded: !event.isBase64Encoded }),
  inHeader(SIGNATURE, flipBit),
  inHeader(SIGNATURE, splice),
  inHeader(SIGNATURE, (text, random) =>
    random.pick([text.toUpperCase(), `${text},${text}`, '', 'v0=', ` ${text}`]),
  ),
  inHeader(SIGNATURE, (_, random) => `v0=${Array.from({ length: 64 }, () => random.pick(DIGITS)).join('')}`),
  inHeader(TIMESTAMP, flipBit),
  inHeader(TIMESTAMP, splice),
  inHeader(TIMESTAMP, (text, random) => String(Number(text) + random.below(2_000) - 1_000)),
  inHeader(TIMESTAMP, (text, random) =>
    random.pick([`0${text}`, `+${text}`, `${text}.0`, `${text}e0`, 'NaN', '']),
  ),
  inHeader('content-type', (text, random) => random.pick([`${text}; charset=utf-8`, 'text/plain', ''])),
  // Signed by somebody who does not know the secret.
  (event, random) => {
    const timestamp = event.headers[TIMESTAMP] ?? '';
    const secret = random.pick(['', 'secret', SIGNING_SECRET.slice(1), SIGNING_SECRET.toUpperCase()]);
    const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${event.body}`).digest('hex');
    return header(event, SIGNATURE, `v0=${digest}`);
  },
  (event) => event,
];

/** Whether Slack has signed what arrived, lately: decided on the bytes, by other means than the gateway's. */
function wasSigned(event: HttpEvent): boolean {
  const timestamp = event.headers[TIMESTAMP] ?? '';
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  const hmac = createHmac('sha256', SIGNING_SECRET);
  hmac.update(Buffer.concat([Buffer.from(`v0:${timestamp}:`, 'utf8'), bytes]));
  return (
    event.headers[SIGNATURE] === `v0=${hmac.digest('hex')}` &&
    Math.abs(Number(timestamp) * 1000 - NOW) <= 300_000
  );
}

describe('the Slack gateway under forged requests', () => {
  it(`accepts none of ${REQUESTS} that Slack did not sign`, async () => {
    const random = randomOf(SEED);
    const world = slackWorld();
    let handedOver = 0;
    const step = makeSlackGateway({
      home: { teamId: TEAM, channel: CHANNEL },
      clock: world.clock,
      log: { info: () => undefined, warn: () => undefined },
      secret: { signingSecrets: async () => [SIGNING_SECRET], newSigningSecrets: async () => null },
      handOver: async () => {
        handedOver += 1;
      },
    });
    const originals = signedOriginals(world.slack, random);
    const counts = { accepted: 0, forgedAccepted: 0, forged: 0 };
    const statuses = new Set<number>();
    const begun = process.cpuUsage();
    for (let count = 0; count < REQUESTS; count += 1) {
      let event = random.pick(originals);
      const changes = 1 + random.below(3);
      for (let change = 0; change < changes; change += 1) event = random.pick(mutations)(event, random);
      const before = handedOver;
      const { statusCode } = (await step(event, { remainingMs: () => 10_000 })) as HttpAnswer;
      const accepted = statusCode === 200 || handedOver > before;
      const signed = wasSigned(event);
      statuses.add(statusCode);
      counts.accepted += accepted ? 1 : 0;
      counts.forged += signed ? 0 : 1;
      counts.forgedAccepted += accepted && !signed ? 1 : 0;
    }
    const { user, system } = process.cpuUsage(begun);
    const tookMs = (user + system) / 1_000;
    expect(counts.forgedAccepted).toBe(0);
    // The test has teeth: most requests were forged, some were left as they were, and those got through.
    expect(counts.forged).toBeGreaterThan(80_000);
    expect(counts.accepted).toBeGreaterThan(500);
    expect(handedOver).toBe(counts.accepted);
    expect([...statuses].sort()).toEqual([200, 400, 401]);
    expect(tookMs).toBeLessThan(LIMIT_MS);
  }, 60_000);
});

/** Clicks as Slack would send them: both buttons, both encodings, all over the time window. */
function signedOriginals(slack: ReturnType<typeof slackWorld>['slack'], random: Random): HttpEvent[] {
  const post = { ...QUESTION_POST, text: 'May it fail over? + / = é 😀' };
  return Array.from({ length: 200 }, (_, index) => {
    const button = {
      action_id: index % 2 === 0 ? 'pilotlight-approve' : 'pilotlight-reject',
      value: JSON.stringify({ workload: 'petclinic', execution: `run-${index}` }),
    };
    return signedRequest(clickPayload(slack, post, { person: mina, button }), {
      secret: SIGNING_SECRET,
      atMs: NOW + random.below(600_000) - 300_000 + 1_000,
      base64: index % 3 !== 0,
    });
  });
}
