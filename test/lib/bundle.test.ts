import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../../lib/constructs/bundle.ts';
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
        LEDGER_TABLE: 'pilotlight-ledger',
        TOPIC_ARN: 'arn:aws:sns:ap-northeast-1:111122223333:pilotlight-controller-on-call',
        SLACK_WORKER_FUNCTION: 'pilotlight-slack-worker',
      },
    },
  );
  return JSON.parse(printed.slice(printed.lastIndexOf('\nanswer:') + 8));
}

describe('a bundle', () => {
  const config = configOf();
  // What a shell would take for its own; the function must get it as it was written.
  const clinic = { ...config.workloads['clinic']!, displayName: 'Clinic "$HOME" `id` $(id) \\ &' };
  const file = path.join(directory, 'index.mjs');
  buildSync({
    ...bundleOptions('begin', { ...config, workloads: { clinic } }),
    outfile: file,
  });
  const start = (input: unknown): unknown =>
    invoke(file, { input, execution: 'run-1', startedAt: '2026-11-22T10:00:00.000Z' });

  it('runs by itself: code, dependencies and configuration are all in it', () => {
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

  it('carries the configuration as it was written, whatever characters are in it', () => {
    const { outputFiles } = buildSync({
      stdin: { contents: 'console.log(JSON.stringify(PILOTLIGHT_CONFIG))' },
      define: bundleOptions('begin', { ...config, workloads: { clinic } }).define ?? {},
      write: false,
    });
    const printed = execFileSync(process.execPath, ['--eval', outputFiles[0]!.text], { encoding: 'utf8' });
    expect((JSON.parse(printed) as typeof config).workloads['clinic']?.displayName).toBe(
      'Clinic "$HOME" `id` $(id) \\ &',
    );
  });

  it('of the Slack gateway refuses a stranger by itself, with no cloud to ask', () => {
    const gateway = path.join(directory, 'slack-gateway', 'index.mjs');
    buildSync({ ...bundleOptions('slack-gateway', fullConfig()), outfile: gateway });
    expect(
      invoke(gateway, {
        version: '2.0',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'payload=%7B%7D',
        isBase64Encoded: false,
        requestContext: { http: { method: 'POST' } },
      }),
    ).toMatchObject({ statusCode: 401, body: '' });
  });
});
