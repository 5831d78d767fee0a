import { makeLambdaProber } from '../../../../clouds/aws/watch/lambda-prober.ts';
import { askOne } from '../../../../lambdas/looks.ts';
import type { ProbeTarget } from '../../../../core/watch/probe.ts';
import type { Clock } from '../../../../core/ports.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok, type SentRequest } from '../helpers.ts';

/*
 * Goal: a place that does not answer, not in time or not in our words says nothing about the site: `unknown`, and never
 * an error. What it does say is passed on as it is.
 */

const target: ProbeTarget = {
  about: 'edge',
  url: 'https://petclinic.example.com/owners?lastName=',
  status: 200,
  contains: 'Owners',
  timeoutMs: 3_000,
};
const GOOD = { observation: 'good', status: 200, origin: 'primary', detail: 'answered 200' };
const BAD = { observation: 'bad', status: 502, origin: null, detail: 'answered 502, expected 200' };
const unknown = (detail: string) => ({ observation: 'unknown', status: null, origin: null, detail });

/** A clock on which nothing is ever late. */
const patient: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };

/** The prober over canned answers; `sent` lists what went to Lambda. */
function proberAnswering(clock: Clock, ...answers: readonly Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const { transport, credentials } = access;
  const prober = makeLambdaProber({
    ...(transport && { transport }),
    ...(credentials && { credentials }),
    places: ['us-west-2', 'eu-central-1'],
    functionName: 'pilotlight-probe',
    clock,
  });
  return { prober, sent };
}

describe('a probe from a place', () => {
  it('asks the function in that Region to look, and passes on what it saw', async () => {
    const { prober, sent } = proberAnswering(patient, ok([GOOD]));
    expect(await askOne(prober, 'us-west-2', target)).toEqual(GOOD);
    expect(sent.map(({ method, hostname, path }) => `${method} ${hostname}${path}`)).toEqual([
      'POST lambda.us-west-2.amazonaws.com/2015-03-31/functions/pilotlight-probe/invocations',
    ]);
    expect(jsonOf(sent[0])).toEqual({ targets: [target] });
  });

  it('is bad where the place says so: that is an answer', async () => {
    const { prober } = proberAnswering(patient, ok([BAD]));
    expect(await askOne(prober, 'us-west-2', target)).toEqual(BAD);
  });

  it('goes to the Region of each place, and keeps one client for each', async () => {
    const { prober, sent } = proberAnswering(patient, ok([GOOD]), ok([BAD]), ok([GOOD]));
    expect(prober.places).toEqual(['us-west-2', 'eu-central-1']);
    for (const place of ['us-west-2', 'eu-central-1', 'us-west-2']) await askOne(prober, place, target);
    expect(sent.map(({ hostname }) => hostname)).toEqual([
      'lambda.us-west-2.amazonaws.com',
      'lambda.eu-central-1.amazonaws.com',
      'lambda.us-west-2.amazonaws.com',
    ]);
  });
});

describe('a place that says nothing', () => {
  it('is unknown where its function failed', async () => {
    const failed: Answer = {
      status: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: JSON.stringify({ errorType: 'Error', errorMessage: 'out of memory' }),
    };
    const { prober } = proberAnswering(patient, failed);
    expect(await askOne(prober, 'us-west-2', target)).toEqual(
      unknown('the probe function in us-west-2 failed: Unhandled'),
    );
  });

  it('is unknown where a function failed with words that look like a good answer', async () => {
    const headers = { 'x-amz-function-error': 'Unhandled' };
    const { prober } = proberAnswering(patient, { status: 200, headers, body: JSON.stringify([GOOD]) });
    expect((await askOne(prober, 'us-west-2', target)).observation).toBe('unknown');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['null', 'null'],
    ['something else', '{"statusCode":200}'],
    ['an observation that does not exist', JSON.stringify([{ ...GOOD, observation: 'fine' }])],
    ['an answer too many', JSON.stringify([GOOD, GOOD])],
    ['a field too many', JSON.stringify([{ ...GOOD, body: '<h2>' }])],
  ])('is unknown where it answers %s', async (_case, body) => {
    const { prober } = proberAnswering(patient, { status: 200, body });
    expect(await askOne(prober, 'eu-central-1', target)).toEqual(
      unknown('the probe function in eu-central-1 answered something unreadable'),
    );
  });

  it('is unknown where the function is not there, after one call', async () => {
    const { prober, sent } = proberAnswering(patient, jsonError(404, 'ResourceNotFoundException'));
    expect(await askOne(prober, 'us-west-2', target)).toEqual(
      unknown(
        'us-west-2 could not be asked: ResourceNotFoundException: the words of ResourceNotFoundException',
      ),
    );
    expect(sent).toHaveLength(1);
  });

  it('is unknown where it is throttled, and is asked three times before', async () => {
    const throttled = jsonError(429, 'TooManyRequestsException');
    const { prober, sent } = proberAnswering(patient, throttled, throttled, throttled);
    expect(await askOne(prober, 'us-west-2', target)).toEqual(
      unknown(
        'us-west-2 could not be asked: TooManyRequestsException: the words of TooManyRequestsException',
      ),
    );
    expect(sent).toHaveLength(3);
  });

  it('is good where only the first call was throttled', async () => {
    const { prober } = proberAnswering(patient, jsonError(429, 'TooManyRequestsException'), ok([GOOD]));
    expect(await askOne(prober, 'us-west-2', target)).toEqual(GOOD);
  });

  it('is unknown where it is not in time, and the call is given up', async () => {
    const slept: number[] = [];
    const signals: AbortSignal[] = [];
    const transport = {
      handle: (_request: SentRequest, options: { abortSignal?: AbortSignal } = {}) => {
        if (options.abortSignal) signals.push(options.abortSignal);
        return new Promise<never>(() => undefined);
      },
    };
    const prober = makeLambdaProber({
      transport,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-secret' },
      places: ['us-west-2'],
      functionName: 'pilotlight-probe',
      clock: {
        now: () => 0,
        sleep: async (ms) => {
          slept.push(ms);
          // Only after the request is on its way, as on a real clock.
          while (signals.length === 0) await new Promise(setImmediate);
        },
      },
    });
    // The limit of the probe itself, and three seconds for a cold start and the way.
    expect(await askOne(prober, 'us-west-2', target)).toEqual(
      unknown('us-west-2 did not answer within 6000 ms'),
    );
    expect(slept).toEqual([6_000]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
