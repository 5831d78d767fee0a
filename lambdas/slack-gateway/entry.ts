import type { Context, Handler } from 'aws-lambda';
import * as z from 'zod';
import { systemClock } from '../../clouds/clock.ts';
import { InvalidInput } from '../../core/errors.ts';
import type { Log } from '../../core/ports.ts';
import { readConfigFile } from '../config-file.ts';
import type { Step } from '../runtime.ts';
import { compose } from './compose.ts';

const environmentSchema = z.object({
  AWS_REGION: z.string('the Region').min(1),
  CONFIG_FILE: z.string('the path of the configuration').min(1),
  SLACK_WORKER_FUNCTION: z.string('the name of the worker function').min(1),
});

/**
 * Makes the Lambda handler of the gateway. Not the entry of the workflow's steps: a person waits three seconds at most, so
 * this one loads no logger, metrics and tracer; one JSON line a request goes to the log.
 */
export function serveGateway(environment: Readonly<Record<string, string | undefined>>): Handler<unknown> {
  let step: Step | undefined;
  return async (event: unknown, context: Context): Promise<unknown> => {
    const { configFile, ...named } = readEnvironment(environment);
    step ??= compose({
      ...named,
      config: readConfigFile(configFile),
      clock: systemClock,
      log: lineLog((line) => void process.stdout.write(line)),
    });
    return step(event, { remainingMs: () => context.getRemainingTimeInMillis() });
  };
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new InvalidInput(
      'The environment of slack-gateway',
      // The values are not shown: an environment holds credentials too.
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: expected ${message}`),
    );
  }
  const { AWS_REGION: region, CONFIG_FILE: configFile, SLACK_WORKER_FUNCTION: workerFunction } = parsed.data;
  return { aws: { region }, configFile, workerFunction };
}

/** A log of one JSON line an entry, in the form that the other functions' logger has. */
export function lineLog(write: (line: string) => void): Log {
  const entry =
    (level: 'INFO' | 'WARN') =>
    (message: string, facts?: Record<string, unknown>): void => {
      write(`${JSON.stringify({ level, service: 'pilotlight-slack-gateway', message, facts })}\n`);
    };
  return { info: entry('INFO'), warn: entry('WARN') };
}
