import { makeLambdaProber } from '../../../../clouds/aws/watch/lambda-prober.ts';
import { askOne } from '../../../../lambdas/looks.ts';
import type { ProbeTarget } from '../../../../core/watch/probe.ts';
import type { Clock } from '../../../../core/ports.ts';
import { MemoryLog, MemoryMetrics } from '../../../lambdas/helpers.ts';
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

/** The moment of every question. */
const ASKED = 1_772_445_600_000;
/** A clock on which nothing is ever late. */
const patient: Clock = { now: () => ASKED, sleep: () => new Promise(() => undefined) };

/** What a place says to the question of this moment. */
const reply = (answers: unknown, change: object = {}) => ({ asked: ASKED, at: ASKED, answers, ...change });
const saying = (...answers: readonly unknown[]): Answer => ok(reply(answers));

/** The prober over canned answers; `sent` lists what went to Lambda. */
function proberAnswering(clock: Clock, ...answers: readonly Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const { transport, credentials } = access;
  const log = new MemoryLog();
  const metrics = new MemoryMetrics();
  const prober = makeLambdaProber({
    ...(transport && { transport }),
    ...(credentials && { credentials }),
    places: ['us-west-2', 'eu-central-1'],
    functionName: 'pilotlight-probe',
    ...{ clock, log, metrics },
  });
  return { prober, sent, log, metrics };
}

describe('a probe from a place', () => {
  it('asks the function in that Region to look, and passes on what it saw', async () => {
    const { prober, sent } = proberAnswering(patient, saying(GOOD));
    expect(await askOne(prober, 'us-west-2', target)).toEqual(GOOD);
    expect(sent.map(({ method, hostname, path }) => `${method} ${hostname}${path}`)).toEqual([
      'POST lambda.us-west-2.amazonaws.com/2015-03-31/functions/pilotlight-probe/invocations',
    ]);
    expect(jsonOf(sent[0])).toEqual({ asked: ASKED, fresh: true, targets: [target] });
  });

  it('is bad where the place says so: that is an answer', async () => {
    const { prober } = proberAnswering(patient, saying(BAD));
    expect(await askOne(prober, 'us-west-2', target)).toEqual(BAD);
  });

  it('goes to the Region of each place, and keeps one client for each', async () => {
    const { prober, sent } = proberAnswering(patient, saying(GOOD), saying(BAD), saying(GOOD));
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
    const { prober } = proberAnswering(patient, {
      status: 200,
      headers,
      body: JSON.stringify(reply([GOOD])),
    });
    expect((await askOne(prober, 'us-west-2', target)).observation).toBe('unknown');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['null', 'null'],
    ['something else', '{"statusCode":200}'],
    ['an observation that does not exist', JSON.stringify(reply([{ ...GOOD, observation: 'fine' }]))],
    ['answers without the number of the question', JSON.stringify([GOOD])],
    ['no clock', JSON.stringify(reply([GOOD], { at: undefined }))],
    ['no answer', JSON.stringify(reply([]))],
    ['an answer too many', JSON.stringify(reply([GOOD, GOOD]))],
    ['a field too many', JSON.stringify(reply([{ ...GOOD, body: '<h2>' }]))],
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
    const { prober } = proberAnswering(patient, jsonError(429, 'TooManyRequestsException'), saying(GOOD));
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
      log: new MemoryLog(),
      metrics: new MemoryMetrics(),
      clock: {
        now: () => ASKED,
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

describe('how a place looks', () => {
  it('is over connections that are open only where that is allowed', async () => {
    const { prober, sent } = proberAnswering(patient, saying(GOOD), saying(GOOD));
    await prober.probe('us-west-2', [target], { reuse: true });
    await prober.probe('us-west-2', [target], { reuse: false });
    expect(sent.map((request) => (jsonOf(request) as { fresh: boolean }).fresh)).toEqual([false, true]);
  });

  it('is passed on in the order of the questions', async () => {
    const { prober } = proberAnswering(patient, saying(BAD, GOOD));
    expect(await prober.probe('us-west-2', [target, target])).toEqual([BAD, GOOD]);
  });
});

describe('an answer that is no evidence', () => {
  const refused = async (change: object) => {
    const { prober, log, metrics } = proberAnswering(patient, ok(reply([GOOD], change)));
    const answer = await askOne(prober, 'us-west-2', target);
    return { answer, warnings: log.warnings, figures: metrics.figures };
  };

  it.each([
    [
      'is one to the question of a minute ago',
      { asked: ASKED - 60_000 },
      'us-west-2 answered a question of 60 s ago, not this one',
    ],
    [
      'is by a clock that is ten minutes late',
      { at: ASKED - 600_000 },
      'the clock of us-west-2 and ours are 600 s apart: one of them is off',
    ],
    [
      'is by a clock that is ten minutes early',
      { at: ASKED + 600_000 },
      'the clock of us-west-2 and ours are 600 s apart: one of them is off',
    ],
  ])('is unknown, told in one line and counted, where it %s', async (_, change, problem) => {
    expect(await refused(change)).toEqual({
      answer: unknown(problem),
      warnings: [{ message: 'an answer of a place is refused', facts: { place: 'us-west-2', problem } }],
      figures: [['EvidenceRefused', 1]],
    });
  });

  it.each([
    ['half a minute late', { at: ASKED - 30_000 }, GOOD],
    ['later than that', { at: ASKED - 30_001 }, { observation: 'unknown' }],
    ['half a minute early', { at: ASKED + 30_000 }, GOOD],
    ['earlier than that', { at: ASKED + 30_001 }, { observation: 'unknown' }],
    ['to the next question', { asked: ASKED + 1 }, { observation: 'unknown' }],
  ])('differs from one that is by seconds: %s', async (_, change, answer) => {
    expect((await refused(change)).answer).toMatchObject(answer);
  });

  it('is measured from the question to the answer, so that a slow place has no wrong clock', async () => {
    let now = ASKED;
    const slow: Clock = {
      now: () => {
        const read = now;
        now += 40_000;
        return read;
      },
      sleep: () => new Promise(() => undefined),
    };
    const { prober, log } = proberAnswering(slow, ok(reply([GOOD], { at: ASKED + 65_000 })));
    expect(await askOne(prober, 'us-west-2', target)).toEqual(GOOD);
    expect(log.warnings).toEqual([]);
  });

  it('is not counted where the place said nothing that could be read: that is silence', async () => {
    const { prober, log, metrics } = proberAnswering(patient, ok({ statusCode: 200 }));
    expect((await askOne(prober, 'us-west-2', target)).observation).toBe('unknown');
    expect([log.warnings, metrics.figures]).toEqual([[], []]);
  });
});
