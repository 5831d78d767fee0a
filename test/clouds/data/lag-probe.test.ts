import { makeLagProbe } from '../../../clouds/data/lag-probe.ts';
import { fakeClock, rejection } from '../azure/azure-fixture.ts';

/*
 * Goal: what a site says of its own replication is a number of seconds, or an error that says what it was instead.
 */

const ADDRESS = 'https://lag.shop.example.com/lag';
/** A clock that nobody's time limit runs out on. */
const patient = { ...fakeClock(), sleep: () => new Promise<void>(() => undefined) };
const probe = (answer: Response | Error, clock = patient) =>
  makeLagProbe({
    clock,
    fetch: async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });

it.each([
  ['12', 12],
  [' 0.5\n', 0.5],
  ['{"lagSeconds": 3, "from": "replica-1"}', 3],
])('the answer %j is a lag of %d s', async (body, seconds) => {
  expect(await probe(new Response(body)).read(ADDRESS)).toBe(seconds);
});

it.each(['', '-1', 'NaN', '"12"', '{"lag": 3}', 'null', '<html>12</html>', '1e12'])(
  'the answer %j is no lag',
  async (body) => {
    const error = await rejection(probe(new Response(body)).read(ADDRESS));
    expect(error.name).toBe('CloudAnswerUnreadable');
    expect(error.message).toContain('expected a number of seconds, or JSON with lagSeconds');
  },
);

it('a page that never ends is read to its bound alone', async () => {
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(1_000))),
  });
  expect((await rejection(probe(new Response(endless)).read(ADDRESS))).name).toBe('CloudAnswerUnreadable');
});

it.each([
  [
    new Response('12', { status: 302, headers: { location: 'https://elsewhere.example.com' } }),
    'got status 302',
  ],
  [new Response('sorry', { status: 500 }), 'got status 500'],
  [new Error('getaddrinfo ENOTFOUND'), 'GET lag.shop.example.com failed'],
])('what is no answer at all says what came instead', async (answer, words) => {
  const error = await rejection(probe(answer).read(ADDRESS));
  expect(error.name).toBe('CloudUnavailable');
  expect(error.message).toContain(words);
});

it('an address that does not answer is given up after five seconds', async () => {
  const clock = fakeClock();
  const silent = makeLagProbe({ clock, fetch: () => new Promise(() => undefined) });
  expect((await rejection(silent.read(ADDRESS))).message).toContain('no answer within 5000 ms');
  expect(clock.slept).toEqual([5_000]);
});
