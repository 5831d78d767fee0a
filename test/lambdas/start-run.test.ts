import type { WatchMemory } from '../../core/watch/memory.ts';
import { makeStartRun } from '../../lambdas/start-run/start-run.ts';
import { past } from './confirm-outage-bench.ts';
import { configWith, refusalOf, START } from './fixture.ts';
import { callOf, MemoryLog, MemoryMemories, MemoryMetrics, unavailable, VirtualClock } from './helpers.ts';

/*
 * Goal: an alarm starts the run of its incident under the name that the watch gives it, so that both ways and any repeat start
 * one; a watch that is dead holds up no alarm; what is no alarm of ours starts nothing, and is told and counted.
 */

const config = configWith((own) => {
  Object.assign(own, { detection: { alarms: [{ region: 'eu-west-1', name: 'site-down' }] } });
});

const event = (change: Record<string, unknown> = {}, state: Record<string, unknown> = {}) => ({
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '111122223333',
  time: '2026-03-02T09:59:40Z',
  region: 'us-east-1',
  detail: {
    alarmName: 'pilotlight-shop-edge-5xx',
    state: { value: 'ALARM', reason: 'two datapoints', timestamp: '2026-03-02T09:59:40.394+0000', ...state },
  },
  ...change,
});
const named = (alarmName: string, region: string) => {
  const { detail, ...rest } = event();
  return { ...rest, region, detail: { ...detail, alarmName } };
};
const OWN = named('site-down', 'eu-west-1');
const WATCH = named('pilotlight-shop-watch', 'ap-northeast-1');

/** The function over what the watch remembers; nothing, where a test says so. */
function bench(memories = new MemoryMemories()) {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const metrics = new MemoryMetrics();
  const started: { name: string; input: unknown }[] = [];
  const names = new Set<string>();
  const broken: { starter: Error | null } = { starter: null };
  const lease: { held: boolean | Error } = { held: true };
  const step = makeStartRun({
    ...{ config, clock, log, metrics, memories },
    starter: {
      start: async (name, input) => {
        if (broken.starter !== null) throw broken.starter;
        if (names.has(name)) return false;
        names.add(name);
        started.push({ name, input });
        return true;
      },
    },
    isHeld: async () => {
      if (lease.held instanceof Error) throw lease.held;
      return lease.held;
    },
  });
  const ring = (given: unknown): Promise<unknown> => step(given, callOf(clock, 20));
  return { ring, clock, log, metrics, started, broken, lease };
}

/** A watch that sees the primary down for a minute, and has asked about it already. */
function downFor(incident: Partial<WatchMemory> = {}): MemoryMemories {
  const memories = past(60);
  memories.memory = { ...memories.memory!, ...incident };
  return memories;
}

const INCIDENT = 'watch-shop-20260302T095900Z-down-1';
const BY_ITSELF = /^alarm-shop-20260302T095940-[0-9a-f]{8}$/;

describe('start-run: an outage that the watch sees too', () => {
  it('starts the run under the name of the incident, with the event as it came', async () => {
    const at = bench(downFor());
    expect(await at.ring(event())).toEqual({ name: INCIDENT, started: true });
    expect(at.started).toEqual([{ name: INCIDENT, input: event() }]);
  });

  it.each([
    ['an alarm of ours', event()],
    ['one of the site’s own', OWN],
    ['that of the watch', WATCH],
  ])('has one name for all who ask: %s', async (_, alarm) => {
    expect(await bench(downFor()).ring(alarm)).toEqual({ name: INCIDENT, started: true });
  });

  it('starts nothing where the watch was first, and says so', async () => {
    const at = bench(downFor());
    await at.ring(event());
    expect(await at.ring(OWN)).toEqual({ name: INCIDENT, started: false });
    expect(at.started).toHaveLength(1);
  });

  it('starts another one for other eyes, where that of the incident is over', async () => {
    const at = bench(downFor());
    await at.ring(event());
    at.lease.held = false;
    expect(await at.ring(OWN)).toEqual({ name: INCIDENT, started: true });
    expect(at.started.map(({ name }) => name)).toEqual([
      INCIDENT,
      expect.stringMatching(/^alarm-shop-20260302T095940-[0-9a-f]{8}$/),
    ]);
  });

  it('starts none again for the eyes of the watch, nor where nobody knows who acts', async () => {
    const at = bench(downFor());
    await at.ring(event());
    at.lease.held = false;
    expect(await at.ring(WATCH)).toEqual({ name: INCIDENT, started: false });
    at.lease.held = unavailable('DynamoDB GetItem');
    expect(await at.ring(OWN)).toEqual({ name: INCIDENT, started: false });
    expect(at.started).toHaveLength(1);
  });

  it('has the number of the question that the watch asked last', async () => {
    const incident = { wish: 'down', from: START - 60_000, asked: 2, nextAt: START + 1 } as const;
    expect(await bench(downFor({ incident })).ring(event())).toMatchObject({
      name: 'watch-shop-20260302T095900Z-down-2',
    });
  });
});

describe('start-run: an alarm that stands for itself', () => {
  const old = past(60);
  old.memory!.health.rounds = old.memory!.health.rounds.filter(({ at }) => at <= START - 60_000);

  const elsewhere = downFor({ asked: '000000000000' });

  it.each([
    ['the watch remembers nothing', new MemoryMemories()],
    ['the watch sees nothing bad', past()],
    ['the watch has not looked for a minute', old],
    ['the watch has looked at another address', elsewhere],
  ])('starts a run under the name of its own moment, where %s', async (_, memories) => {
    const at = bench(memories);
    expect(await at.ring(event())).toEqual({
      name: expect.stringMatching(BY_ITSELF) as string,
      started: true,
    });
  });

  it('starts one where its event is delivered twice, and another one for another alarm', async () => {
    const at = bench();
    await at.ring(event());
    expect(await at.ring(event({ id: 'another delivery' }))).toMatchObject({ started: false });
    expect(await at.ring(OWN)).toMatchObject({ started: true });
    expect(at.started).toHaveLength(2);
  });

  it('starts another one when it rings again', async () => {
    const at = bench();
    await at.ring(event());
    expect(await at.ring(event({}, { timestamp: '2026-03-02T10:09:40.394+0000' }))).toMatchObject({
      started: true,
    });
  });

  it('has a name that Step Functions takes, whatever CloudWatch writes for a moment', async () => {
    const at = bench();
    for (const timestamp of ['2026-03-02T09:59:40Z', '2026-03-02T09:59:40.394+00:00', 'yesterday']) {
      await at.ring(event({}, { timestamp }));
    }
    for (const { name } of at.started) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    expect(at.started[0]?.name).toMatch(BY_ITSELF);
  });

  it('does not wait for a ledger that does not answer', async () => {
    const silent = new MemoryMemories();
    silent.read = () => new Promise(() => undefined);
    const at = bench(silent);
    expect(await at.ring(event())).toMatchObject({ started: true });
    expect((at.clock.now() - START) / 1000).toBe(3);
  });

  it('goes on where the ledger refuses, and says so', async () => {
    const broken = new MemoryMemories();
    broken.read = () => Promise.reject(unavailable('DynamoDB GetItem'));
    const at = bench(broken);
    expect(await at.ring(event())).toMatchObject({ started: true });
    expect(at.log.warnings.map(({ message }) => message)).toEqual([
      'what the watch remembers cannot be read; the alarm starts a run by itself',
    ]);
  });
});

describe('start-run: the alarm of the watch', () => {
  it('starts nothing for what the watch sees is over', async () => {
    const at = bench(past());
    expect(await at.ring(WATCH)).toEqual({ name: null, started: false });
    expect(at.started).toEqual([]);
    expect(at.log.infos).toEqual(['the alarm of the watch rang for what is over already']);
  });

  it('starts a run all the same where nobody can read what the watch sees', async () => {
    expect(await bench().ring(WATCH)).toMatchObject({ started: true });
  });
});

describe('start-run: what is refused', () => {
  it.each<[string, unknown, string]>([
    ['an alarm of another account', event({ account: '999999999999' }), 'account: got "999999999999"'],
    ['an alarm that nobody named', named('disk-full', 'eu-west-1'), 'detail.alarmName: got "disk-full"'],
    ['a known alarm of another Region', named('site-down', 'us-east-1'), 'detail.alarmName'],
    ['an alarm that rings no more', event({}, { value: 'OK' }), 'detail.state.value: got "OK"'],
    ['no event at all', null, '(the whole): got null'],
    ['what a person gives to start a run', { workload: 'shop', reason: 'r', requestedBy: 'kim' }, 'source'],
  ])('starts nothing, is told in one line and counted: %s', async (_, input, problem) => {
    const at = bench(downFor());
    expect(await at.ring(input)).toEqual({ name: null, started: false });
    expect(at.started).toEqual([]);
    expect(at.log.warnings).toHaveLength(1);
    expect(at.log.warnings[0]?.facts?.['problem']).toContain(problem);
    expect(at.metrics.figures).toEqual([['EvidenceRefused', 1]]);
  });

  it('is nothing where the alarm is known', async () => {
    const at = bench(downFor());
    await at.ring(OWN);
    expect([at.log.warnings, at.metrics.figures]).toEqual([[], []]);
  });
});

describe('start-run: Step Functions that does not answer', () => {
  it('fails the call, and the next try starts the run', async () => {
    const at = bench(downFor());
    at.broken.starter = unavailable('Step Functions StartExecution');
    expect((await refusalOf(at.ring(event()))).name).toBe('CloudUnavailable');
    at.broken.starter = null;
    expect(await at.ring(event())).toEqual({ name: INCIDENT, started: true });
  });
});
