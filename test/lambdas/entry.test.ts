import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from 'aws-lambda';
import { InvalidInput, LeaseLost } from '../../core/errors.ts';
import type { Compose, Runtime } from '../../lambdas/runtime.ts';
import { serve } from '../../lambdas/entry.ts';
import { config, refusalOf } from './fixture.ts';

/*
 * Goal: around every step the same things happen: its environment and configuration are parsed, its logs carry the
 * execution, its errors reach the workflow as they are, and no value of the environment is ever shown.
 * Method: the real entry with the real Powertools; their lines on the console are what CloudWatch would keep.
 */

const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-entry-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const CONFIG_FILE = path.join(directory, 'config.json');
const GOOD = {
  AWS_REGION: 'ap-northeast-1',
  CONFIG_FILE,
  LEDGER_TABLE: 'ledger',
  TOPIC_ARN: 'arn:aws:sns:eu:1:people',
};
/** Lets Powertools write to the console that a test can read; without the second it would then keep no figures. */
const READABLE = { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' };
const environmentOfTest = { ...process.env };
const lines: string[] = [];

/** What is deployed beside the function. */
const setConfig = (value: unknown): void => {
  writeFileSync(CONFIG_FILE, JSON.stringify(value));
};

beforeEach(() => {
  process.env = { ...environmentOfTest, ...READABLE };
  setConfig(config);
  lines.length = 0;
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    jest.spyOn(console, level).mockImplementation((...words: unknown[]) => {
      lines.push(words.map(String).join(' '));
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  process.env = environmentOfTest;
});

const context = {
  awsRequestId: 'request-1',
  functionName: 'pilotlight-begin',
  getRemainingTimeInMillis: () => 12_345,
} as Context;

type Entry = (input: unknown, context: Context) => Promise<unknown>;
const entryOf = (compose: Compose, environment: Readonly<Record<string, string>> = GOOD): Entry =>
  serve('begin', compose, environment) as Entry;

const logged = (message: string): Record<string, unknown>[] =>
  lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((entry) => entry['message'] === message);
const metric = (name: string): unknown[] =>
  lines
    .map((line) => (JSON.parse(line) as Record<string, unknown>)[name])
    .filter((value) => value !== undefined);

interface EmfLine {
  readonly _aws: { readonly CloudWatchMetrics: unknown };
  readonly service: string;
  readonly [figure: string]: unknown;
}
/** The lines that CloudWatch reads figures from. */
const emf = (): EmfLine[] =>
  lines.map((line) => JSON.parse(line) as EmfLine).filter((line) => '_aws' in line);

describe('serve: a step that goes well', () => {
  it('gives the step its input and the time that is left, and its answer back', async () => {
    const entry = entryOf(() => async (input, call) => ({ input, left: call.remainingMs() }));
    expect(await entry({ a: 1 }, context)).toEqual({ input: { a: 1 }, left: 12_345 });
  });

  it('composes the step once for all invocations, from environment and configuration', async () => {
    const runtimes: Runtime[] = [];
    const entry = entryOf((runtime) => {
      runtimes.push(runtime);
      return async () => 'done';
    });
    await entry({}, context);
    await entry({}, context);
    expect(runtimes).toHaveLength(1);
    expect(runtimes[0]).toMatchObject({
      resources: { ledgerTable: 'ledger', topicArn: 'arn:aws:sns:eu:1:people' },
      aws: { region: 'ap-northeast-1' },
      config: { workloads: { shop: { displayName: 'Shop' } } },
    });
  });

  it('writes nothing of its own where there is nothing to say', async () => {
    await entryOf(() => async () => 'done')({}, context);
    expect(lines).toEqual([]);
  });

  it('keeps figures under the name of the controller', async () => {
    const entry = entryOf(({ metrics }) => async () => {
      metrics.count('OutcomeFailedOver', 1);
      metrics.seconds('Rto', 920);
    });
    await entry({}, context);
    expect(metric('OutcomeFailedOver')).toEqual([1]);
    expect(metric('Rto')).toEqual([920]);
    expect(lines.join('\n')).toContain('"Namespace":"Pilotlight"');
    expect(metric('StepFailed')).toEqual([]);
  });
});

describe('serve: a figure that an alarm waits for', () => {
  it('is told in high resolution, at once, and about its own thing alone', async () => {
    const entry = entryOf(({ metrics }) => async () => {
      metrics.count('PlacesSilent', 0);
      metrics.level('PlacesFailing', 3, { workload: 'shop' });
      metrics.level('PlacesFailing', 0, { workload: 'vets' });
    });
    await entry({}, context);
    const told = emf().filter((line) => 'PlacesFailing' in line);
    expect(told.map(({ PlacesFailing, workload, service }) => [PlacesFailing, workload, service])).toEqual([
      [3, 'shop', 'pilotlight-begin'],
      [0, 'vets', 'pilotlight-begin'],
    ]);
    expect(told.map(({ _aws }) => _aws.CloudWatchMetrics)).toEqual(
      [1, 2].map(() => [
        {
          Namespace: 'Pilotlight',
          Dimensions: [['service', 'workload']],
          Metrics: [{ Name: 'PlacesFailing', Unit: 'Count', StorageResolution: 1 }],
        },
      ]),
    );
    // A figure beside it has no dimension of it, and is kept by the minute.
    expect(emf().find((line) => 'PlacesSilent' in line)?._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Pilotlight',
        Dimensions: [['service']],
        Metrics: [{ Name: 'PlacesSilent', Unit: 'Count' }],
      },
    ]);
  });
});

describe('serve: logs', () => {
  it.each([
    ['a step of a run', { run: { execution: 'run-1', workload: 'shop' } }, 'run-1'],
    ['a last step', { state: { run: { execution: 'run-2', workload: 'shop' } } }, 'run-2'],
    ['the first step', { execution: 'run-3', input: {} }, 'run-3'],
    ['something unreadable', 'boo', 'request-1'],
  ])('of %s carry the id by which they are found', async (_, input, correlationId) => {
    const talking = entryOf(({ log }) => async () => {
      log.info('it begins', { workload: 'shop' });
      log.warn('it is odd', { attempt: 1 });
    });
    await talking(input, context);
    expect(logged('it begins')).toMatchObject([
      { level: 'INFO', service: 'pilotlight-begin', correlationId, facts: { workload: 'shop' } },
    ]);
    expect(logged('it is odd')).toMatchObject([{ level: 'WARN', correlationId, facts: { attempt: 1 } }]);
  });
});

describe('serve: a step that fails', () => {
  it('hands the error on as it is, logs it and counts it', async () => {
    const lost = new LeaseLost('run-2 acts');
    const entry = entryOf(() => () => Promise.reject(lost));
    expect(await refusalOf(entry({ execution: 'run-1' }, context))).toBe(lost);
    expect(logged('the step failed')).toMatchObject([
      { level: 'ERROR', correlationId: 'run-1', error: { name: 'LeaseLost', message: 'run-2 acts' } },
    ]);
    expect(metric('StepFailed')).toEqual([1]);
  });

  it('counts it under one name for all functions, so that one alarm sees them all', async () => {
    const entry = entryOf(({ metrics }) => () => {
      metrics.count('RunAsked', 1);
      return Promise.reject(new LeaseLost('run-2 acts'));
    });
    await refusalOf(entry({}, context));
    expect(emf().map((line) => [line.service, 'StepFailed' in line, 'RunAsked' in line])).toEqual([
      ['pilotlight', true, false],
      ['pilotlight-begin', false, true],
    ]);
  });

  it('names every missing or wrong variable, and shows the value of none', async () => {
    const poor = { LEDGER_TABLE: '', TOPIC_ARN: 'hunter2', OTHER: 'hunter3' };
    const error = await refusalOf(entryOf(() => async () => 'never', poor)({}, context));
    expect(error).toBeInstanceOf(InvalidInput);
    expect(error).toMatchObject({
      problems: [
        'AWS_REGION: got nothing, expected string',
        'CONFIG_FILE: got nothing, expected string',
        'LEDGER_TABLE: got "a value that is not shown", expected string to have >=1 characters',
        'TOPIC_ARN: got "a value that is not shown", expected text that matches /^arn:/',
      ],
    });
    expect(`${error.message}${lines.join('\n')}`).not.toContain('hunter');
  });

  it('refuses a configuration that is not one, with all its problems', async () => {
    setConfig({ version: 2 });
    const error = await refusalOf(entryOf(() => async () => 'never')({}, context));
    expect(error).toMatchObject({
      problems: [
        'version: got 2, expected 1',
        'controller: got nothing, expected object',
        'workloads: got nothing, expected object',
      ],
    });
  });

  it('says where it looked for a configuration that was not deployed with it', async () => {
    const missing = path.join(directory, 'missing.json');
    const entry = entryOf(() => async () => 'never', { ...GOOD, CONFIG_FILE: missing });
    expect(await refusalOf(entry({}, context))).toMatchObject({
      name: 'InvalidInput',
      problems: [
        `got ENOENT: no such file or directory, open '${missing}', expected the file of the function's layer; ` +
          'deploy PilotlightController again',
      ],
    });
  });

  it('tries to compose again at the next invocation', async () => {
    setConfig(null);
    const entry = entryOf(() => async () => 'done');
    expect((await refusalOf(entry({}, context))).name).toBe('InvalidInput');
    setConfig(config);
    expect(await entry({}, context)).toBe('done');
  });
});
