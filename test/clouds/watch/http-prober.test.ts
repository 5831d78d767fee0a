import { makeHttpProber } from '../../../clouds/watch/http-prober.ts';
import { askOne } from '../../../lambdas/looks.ts';
import type { ProbeTarget } from '../../../core/watch/probe.ts';

const target: ProbeTarget = {
  about: 'primary',
  url: 'https://petclinic.example.com/owners/find',
  status: 200,
  contains: 'Find Owners',
  timeoutMs: 3000,
};

/** Time that stands still until the test lets it pass. */
function stoppedClock() {
  const sleeping: { ms: number; wake: () => void }[] = [];
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      sleeping.push({ ms, wake: resolve });
    });
  return { clock: { now: () => 0, sleep }, sleeping };
}

/** No connection is kept in these tests; http-prober-kept.test.ts has those. */
const unused: typeof fetch = () => {
  throw new Error('a kept connection was asked for');
};

/** A prober over a network that does what `answer` says, with the requests that it sent. */
function proberOver(answer: (signal: AbortSignal) => Promise<Response>) {
  const asked: { url: string; init: RequestInit }[] = [];
  const { clock, sleeping } = stoppedClock();
  const send = ((url: string, init: RequestInit & { signal: AbortSignal }) => {
    asked.push({ url, init });
    return answer(init.signal);
  }) as unknown as typeof fetch;
  const connections = { fresh: send, reuse: unused };
  return { prober: makeHttpProber({ place: 'us-west-2', clock, connections }), asked, sleeping };
}

const answering = (status: number, body: string | null, headers: Record<string, string> = {}) =>
  proberOver(() => Promise.resolve(new Response(body, { status, headers })));

/** `fetch` as Node's fails: a TypeError whose cause carries the code. */
const failing = (code: string) =>
  proberOver(() =>
    Promise.reject(
      new TypeError('fetch failed', {
        cause: Object.assign(new Error(`connect ${code} 192.0.2.1:443`), { code }),
      }),
    ),
  );

describe('one probe over HTTP', () => {
  it('has the one place that it runs in', () => {
    expect(answering(200, '').prober.places).toEqual(['us-west-2']);
  });

  it('asks as a user would, says who it is, keeps caches aside and follows no redirect', async () => {
    const { prober, asked } = answering(200, 'Find Owners');
    await askOne(prober, 'us-west-2', target);
    expect(asked.map(({ url }) => url)).toEqual(['https://petclinic.example.com/owners/find']);
    expect(asked[0]?.init).toMatchObject({
      method: 'GET',
      redirect: 'manual',
      headers: {
        'user-agent': 'pilotlight-probe (failover watch of this site, from us-west-2)',
        'cache-control': 'no-cache',
      },
    });
  });

  it('is good when status and text are those that the target asks for', async () => {
    const { prober } = answering(200, '<h2>Find Owners</h2>', { 'x-pilotlight-origin': 'standby' });
    expect(await askOne(prober, 'us-west-2', target)).toEqual({
      observation: 'good',
      status: 200,
      origin: 'standby',
      detail: 'answered 200',
    });
  });

  it.each([
    ['another status', answering(503, 'Find Owners'), 'answered 503, expected 200'],
    [
      'a redirect',
      answering(302, null, { location: 'https://elsewhere.example.com' }),
      'answered 302, expected 200',
    ],
    ['another page', answering(200, 'It works!'), 'answered 200 without "Find Owners"'],
    ['no page', answering(200, null), 'answered 200 without "Find Owners"'],
  ])('is bad on %s', async (_what, { prober }, detail) => {
    expect(await askOne(prober, 'us-west-2', target)).toMatchObject({ observation: 'bad', detail });
  });

  it('answers unknown for a place where it is not', async () => {
    const { prober, asked } = answering(200, 'Find Owners');
    expect(await askOne(prober, 'ap-northeast-1', target)).toEqual({
      observation: 'unknown',
      status: null,
      origin: null,
      detail: 'no probe can be sent from ap-northeast-1: this prober is in us-west-2',
    });
    expect(asked).toEqual([]);
  });
});

describe('a network that fails', () => {
  it.each([
    ['ECONNREFUSED', 'connection refused: nothing listens at this address and port (ECONNREFUSED)'],
    ['ENOTFOUND', 'this name is not in the DNS (ENOTFOUND)'],
    ['ECONNRESET', 'the connection was reset before the answer was complete (ECONNRESET)'],
    [
      'UND_ERR_CONNECT_TIMEOUT',
      'no connection: the other side did not answer in time (UND_ERR_CONNECT_TIMEOUT)',
    ],
    ['CERT_HAS_EXPIRED', 'the TLS certificate has expired (CERT_HAS_EXPIRED)'],
    ['HPE_INVALID_CONSTANT', 'connect HPE_INVALID_CONSTANT 192.0.2.1:443 (HPE_INVALID_CONSTANT)'],
  ])('is bad and says in words what %s is', async (code, detail) => {
    expect(await askOne(failing(code).prober, 'us-west-2', target)).toEqual({
      observation: 'bad',
      status: null,
      origin: null,
      detail,
    });
  });

  it.each(['EAI_AGAIN', 'ENETUNREACH', 'EMFILE'])(
    'is unknown on %s, because that may be our own side',
    async (code) => {
      const answer = await askOne(failing(code).prober, 'us-west-2', target);
      expect(answer).toMatchObject({ observation: 'unknown', status: null });
      expect(answer.detail).toMatch(new RegExp(`\\(${code}\\), on our side$`));
    },
  );

  it('is unknown when nothing was sent: an error without a code did not come from the network', async () => {
    const { prober } = proberOver(() =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('bad port') })),
    );
    expect(await askOne(prober, 'us-west-2', target)).toEqual({
      observation: 'unknown',
      status: null,
      origin: null,
      detail: 'bad port, on our side',
    });
  });

  it('is bad when the connection breaks in the middle of the body', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('Find Owners'));
      },
      pull(controller) {
        controller.error(
          new TypeError('terminated', {
            cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
          }),
        );
      },
    });
    const { prober } = proberOver(() => Promise.resolve(new Response(broken, { status: 200 })));
    expect(await askOne(prober, 'us-west-2', target)).toMatchObject({
      observation: 'bad',
      detail: 'the other side closed the connection (UND_ERR_SOCKET)',
    });
  });
});

describe('the time of a probe', () => {
  const hanging = () =>
    proberOver(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new DOMException('This operation was aborted', 'AbortError'));
          });
        }),
    );

  it('is measured by the clock and ends the probe as bad, and the request with it', async () => {
    const { prober, asked, sleeping } = hanging();
    const answer = askOne(prober, 'us-west-2', target);
    expect(sleeping.map(({ ms }) => ms)).toEqual([3000]);
    expect(asked[0]?.init.signal?.aborted).toBe(false);
    sleeping[0]?.wake();
    expect(await answer).toEqual({
      observation: 'bad',
      status: null,
      origin: null,
      detail: 'no answer within 3000 ms',
    });
    expect(asked[0]?.init.signal?.aborted).toBe(true);
  });

  it('ends the probe even over a transport that does not look at the signal', async () => {
    const { prober, sleeping } = proberOver(() => new Promise(() => undefined));
    const answer = askOne(prober, 'us-west-2', target);
    sleeping[0]?.wake();
    expect((await answer).detail).toBe('no answer within 3000 ms');
  });

  it('covers a body that never ends, too', async () => {
    const { prober, sleeping } = proberOver(() =>
      Promise.resolve(
        new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }), { status: 200 }),
      ),
    );
    const answer = askOne(prober, 'us-west-2', target);
    await Promise.resolve();
    sleeping[0]?.wake();
    expect(await answer).toMatchObject({ observation: 'bad', detail: 'no answer within 3000 ms' });
  });
});

describe('the body of an answer', () => {
  const KIB = 1024;
  /** A body of parts of 1 KiB, the wanted text in one of them, that counts the parts that were taken. */
  function endlessBody(textAt: number) {
    const taken = { parts: 0, cancelled: false };
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const text = taken.parts === textAt ? 'Find Owners' : '';
        controller.enqueue(new TextEncoder().encode(text.padEnd(KIB, '.')));
        taken.parts += 1;
      },
      cancel() {
        taken.cancelled = true;
      },
    });
    return { taken, response: () => Promise.resolve(new Response(stream, { status: 200 })) };
  }

  it('is read to 64 KB and no further', async () => {
    const { taken, response } = endlessBody(63);
    const { prober } = proberOver(response);
    expect(await askOne(prober, 'us-west-2', target)).toMatchObject({ observation: 'good' });
    // The stream itself keeps one part ready.
    expect(taken.parts).toBeLessThanOrEqual(65);
    expect(taken.cancelled).toBe(true);
  });

  it('is not searched beyond 64 KB', async () => {
    const { prober } = proberOver(endlessBody(64).response);
    expect(await askOne(prober, 'us-west-2', target)).toMatchObject({ observation: 'bad' });
  });

  it('is put together across its parts, letters of several bytes included', async () => {
    const bytes = new TextEncoder().encode('\ud638\uc790 \ubcd1\uc6d0');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 4));
        controller.enqueue(bytes.slice(4));
        controller.close();
      },
    });
    const { prober } = proberOver(() => Promise.resolve(new Response(stream, { status: 200 })));
    const answer = await askOne(prober, 'us-west-2', { ...target, contains: '\ud638\uc790 \ubcd1\uc6d0' });
    expect(answer.observation).toBe('good');
  });
});
