import type { Config } from '../core/config/schema.ts';
import type { Call, Clock, Log, Metrics } from '../core/ports.ts';
import type { AwsAccess } from '../clouds/aws/client.ts';
import type { HttpClient } from '@azure/core-rest-pipeline';

/** The names of the controller's own resources; the stack puts them into the environment of every function. */
export interface Resources {
  readonly ledgerTable: string;
  readonly topicArn: string;
}

/**
 * Everything a function is composed from. In AWS the entry fills it from the environment; the drill fills it with
 * virtual time and in-memory transports. Above this line nothing differs.
 */
export interface Runtime {
  readonly config: Config;
  readonly resources: Resources;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How AWS is reached from the controller's Region. */
  readonly aws: AwsAccess;
  readonly azureHttpClient?: HttpClient;
  /** How Slack is reached. */
  readonly fetch?: typeof fetch;
}

/** One step of a workflow: parses its input, decides, acts, returns. */
export type Step = (input: unknown, call: Call) => Promise<unknown>;

/** Builds a step from the runtime, once per instance of the function. */
export type Compose = (runtime: Runtime) => Step;
