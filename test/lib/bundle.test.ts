import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openConfig } from '../../core/config/open.ts';
import { BUNDLE_FILE, writeBundle, type Folder } from '../../lib/constructs/bundle.ts';
import { writeConfig } from '../../lib/constructs/config-layer.ts';
import { configOf, fullConfig } from './synthesized.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-bundle-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs a bundled handler in a Node of its own, as Lambda does, and gives back what it answers or the error's name. */
function invoke(file: string, input: unknown): unknown {
  const script = `
    const { handler } = await import(process.argv[1]);
    const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 10_000 };
    const answer = await handler(JSON.parse(process.argv[2]), context).catch(({ name, message }) => ({ name, message }));
    process.stdout.write('\\nanswer:' + JSON.stringify(answer));
  `;
  const printed = execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', script, file, JSON.stringify(input)],
    {
      encoding: 'utf8',
      // The function logs its errors; here they are what is wanted.
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        AWS_REGION: 'ap-northeast-1',
        CONFIG_FILE: path.join(directory, 'pilotlight', 'config.json'),
        LEDGER_TABLE: 'pilotlight-ledger',
        TOPIC_ARN: 'arn:aws:sns:ap-northeast-1:111122223333:pilotlight-controller-on-call',
        SLACK_WORKER_FUNCTION: 'pilotlight-slack-worker',
      },
    },
  );
  return JSON.parse(printed.slice(printed.lastIndexOf('\nanswer:') + 8));
}

/** The bundle of a function, alone in a directory of its own. */
function bundleOf(folder: Folder): string {
  const into = mkdtempSync(path.join(directory, `${folder}-`));
  writeBundle(folder, into);
  return path.join(into, BUNDLE_FILE);
}

describe('a bundle', () => {
  const config = configOf();
  const file = bundleOf('begin');
  beforeAll(() => {
    const { clinic } = config.workloads;
    writeConfig(directory, { ...fullConfig(), workloads: { clinic: clinic! } });
  });
  const start = (input: unknown): unknown =>
    invoke(file, { input, execution: 'run-1', startedAt: '2026-11-22T10:00:00.000Z' });

  it('runs by itself, with the file of its layer: code and dependencies are all in it', () => {
    expect(start({ workload: 'clinic', reason: 'test', requestedBy: 'a person' })).toMatchObject({
      run: { workload: 'clinic', trigger: 'manual', execution: 'run-1' },
      plan: { tier: 'cold' },
    });
  });

  it('keeps the names of its errors, by which the workflow decides', () => {
    expect(start({ workload: 'other', reason: 'test', requestedBy: 'a person' })).toEqual({
      name: 'InvalidInput',
      message: expect.stringContaining('workload: got "other", expected one of clinic'),
    });
  });

  it('is the same on every machine: its source map names our files from the root of the project', () => {
    const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] };
    expect(sources).toContain('../../lambdas/begin/handler.ts');
    expect(sources.filter((source) => !source.startsWith('../../'))).toEqual([]);
  });

  it('of the Slack gateway refuses a stranger by itself, with no cloud to ask', () => {
    expect(
      invoke(bundleOf('slack-gateway'), {
        version: '2.0',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'payload=%7B%7D',
        isBase64Encoded: false,
        requestContext: { http: { method: 'POST' } },
      }),
    ).toMatchObject({ statusCode: 401, body: '' });
  });
});

describe('the file of the layer', () => {
  it('is the configuration as it was written, whatever characters are in it', () => {
    const into = mkdtempSync(path.join(directory, 'layer-'));
    const config = configOf();
    const clinic = { ...config.workloads['clinic']!, displayName: 'Clinic "$HOME" `id` $(id) \\ &' };
    writeConfig(into, { ...config, workloads: { clinic } });
    const opened = openConfig(readFileSync(path.join(into, 'pilotlight', 'config.json'), 'utf8'));
    expect(opened.workloads['clinic']?.displayName).toBe('Clinic "$HOME" `id` $(id) \\ &');
  });
});
