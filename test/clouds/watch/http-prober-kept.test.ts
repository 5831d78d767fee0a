import { makeHttpProber } from '../../../clouds/watch/http-prober.ts';
import type { ProbeTarget } from '../../../core/watch/probe.ts';

/*
 * Goal: a look over a kept connection sees what a fresh one would: a broken connection says nothing about the target, an answer
 * does, whatever it is. Method: two ways to the target, each with an answer of its own, and the order in which they are taken.
 */

const target: ProbeTarget = {
  about: 'primary',
  url: 'https://shop.example.com/owners',
  status: 200,
  contains: 'Owners',
  timeoutMs: 3000,
};

type Way = (signal: AbortSignal) => Promise<Response>;
const answers =
  (status: number, body = 'Owners'): Way =>
  () =>
    Promise.resolve(new Response(body, { status }));
const breaks =
  (code: string): Way =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));
/** The connection is closed in the middle of the page. */
const breaksOff: Way = () =>
  Promise.resolve(
    new Response(
      new ReadableStream({
        pull: (controller) => {
          controller.error(new TypeError('terminated'));
        },
      }),
      { status: 200 },
    ),
  );

/** A prober whose kept and fresh connections do what is said; `taken` lists which were taken. */
function proberOver(ways: { readonly kept: Way; readonly fresh: Way }) {
  const taken: string[] = [];
  const sleeping: (() => void)[] = [];
  const over = (name: 'kept' | 'fresh'): typeof fetch =>
    ((_: string, { signal }: { signal: AbortSignal }) => {
      taken.push(name);
      return ways[name](signal);
    }) as unknown as typeof fetch;
  const clock = {
    now: () => 0,
    sleep: () => new Promise<void>((wake) => void sleeping.push(wake)),
  };
  const connections = { fresh: over('fresh'), reuse: over('kept') };
  return { prober: makeHttpProber({ place: 'us-west-2', clock, connections }), taken, sleeping };
}

const look = async (ways: { readonly kept: Way; readonly fresh: Way }) => {
  const { prober, taken } = proberOver(ways);
  const [answer] = await prober.probe('us-west-2', [target], { reuse: true });
  return { taken, observation: answer?.observation, detail: answer?.detail };
};

describe('a look that may use a kept connection', () => {
  it('asks over it alone where it holds', async () => {
    expect(await look({ kept: answers(200), fresh: answers(500) })).toEqual({
      ...{ taken: ['kept'], observation: 'good', detail: 'answered 200' },
    });
  });

  it('believes a bad answer that comes over it', async () => {
    expect(await look({ kept: answers(500), fresh: answers(200) })).toEqual({
      ...{ taken: ['kept'], observation: 'bad', detail: 'answered 500, expected 200' },
    });
  });

  it.each([
    ['was closed meanwhile', breaks('UND_ERR_SOCKET')],
    ['was reset', breaks('ECONNRESET')],
    ['breaks in the middle of the page', breaksOff],
  ])('asks afresh where it %s, and says what that one says', async (_, kept) => {
    expect(await look({ kept, fresh: answers(200) })).toEqual({
      ...{ taken: ['kept', 'fresh'], observation: 'good', detail: 'answered 200' },
    });
  });

  it('is bad where a fresh one breaks too', async () => {
    expect(await look({ kept: breaks('ECONNRESET'), fresh: breaks('CERT_HAS_EXPIRED') })).toEqual({
      ...{ taken: ['kept', 'fresh'], observation: 'bad' },
      detail: 'the TLS certificate has expired (CERT_HAS_EXPIRED)',
    });
  });

  it('is unknown where a fresh one fails on our own side', async () => {
    const seen = await look({ kept: breaks('ECONNRESET'), fresh: breaks('EMFILE') });
    expect(seen.observation).toBe('unknown');
  });

  it('has no more time than any other, fresh connection included', async () => {
    const hangs: Way = () => new Promise(() => undefined);
    const { prober, taken, sleeping } = proberOver({ kept: breaks('ECONNRESET'), fresh: hangs });
    const answer = prober.probe('us-west-2', [target], { reuse: true });
    while (taken.length < 2) await new Promise(setImmediate);
    expect(sleeping).toHaveLength(1);
    sleeping[0]?.();
    expect(await answer).toMatchObject([{ observation: 'bad', detail: 'no answer within 3000 ms' }]);
  });
});

describe('a look that may not use a kept connection', () => {
  it.each([
    ['because that is asked for', { reuse: false }],
    ['because nothing is said', undefined],
  ])('makes one of its own, %s', async (_, how) => {
    const { prober, taken } = proberOver({ kept: answers(500), fresh: answers(200) });
    expect(await prober.probe('us-west-2', [target], how)).toMatchObject([{ observation: 'good' }]);
    expect(taken).toEqual(['fresh']);
  });
});
