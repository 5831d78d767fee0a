import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import type { Alarms } from '../../../core/ports.ts';
import type { AlarmState } from '../../../core/watch/signal.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions } from '../client.ts';
import { translate } from '../errors.ts';

/** Alarms are read in the region that each call names. */
export type AlarmsOptions = Omit<AwsAccess, 'region'>;

const CALL = 'CloudWatch DescribeAlarms';

/** The most names, and the most answers a page, that DescribeAlarms takes. */
const NAMES_MAX = 100;

const alarmSchema = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  StateReason: z.string().default('CloudWatch gave no reason'),
  StateReasonData: z.string().optional(),
  StateTransitionedTimestamp: z.date().optional(),
});
const answerSchema = z.object({
  MetricAlarms: z.array(alarmSchema).default([]),
  CompositeAlarms: z.array(alarmSchema).default([]),
  NextToken: z.string().optional(),
});

/** When the data begins that the alarm was decided on; not every kind of metric alarm says it. */
const reasonDataSchema = z.object({ startDate: z.string() });

/** CloudWatch writes the offset of its moments without the colon that ISO 8601 wants beside extended dates. */
const OFFSET_WITHOUT_COLON = /([+-]\d{2})(\d{2})$/;

/** The states of CloudWatch alarms, metric and composite, one client a region. */
export function makeAlarms(options: AlarmsOptions): Alarms {
  const clients = new Map<string, CloudWatchClient>();
  const clientOf = (region: string): CloudWatchClient => {
    const client = clients.get(region) ?? new CloudWatchClient(clientOptions({ ...options, region }));
    clients.set(region, client);
    return client;
  };
  return {
    async states(region, names) {
      const found: AlarmState[] = [];
      // Without names DescribeAlarms answers every alarm of the region, so no names means no call.
      for (let at = 0; at < names.length; at += NAMES_MAX) {
        found.push(...(await describeAlarms(clientOf(region), names.slice(at, at + NAMES_MAX))));
      }
      return found;
    },
  };
}

async function describeAlarms(client: CloudWatchClient, names: readonly string[]): Promise<AlarmState[]> {
  const found: AlarmState[] = [];
  let next: string | undefined;
  do {
    const page = await describePage(client, names, next);
    found.push(...[...page.MetricAlarms, ...page.CompositeAlarms].map(stateOf));
    next = page.NextToken;
  } while (next !== undefined);
  return found;
}

async function describePage(
  client: CloudWatchClient,
  names: readonly string[],
  next: string | undefined,
): Promise<z.output<typeof answerSchema>> {
  try {
    const answer = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames: [...names],
        // Without it CloudWatch answers no composite alarm, and a site may name one of its own.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: NAMES_MAX,
        ...(next === undefined ? {} : { NextToken: next }),
      }),
    );
    return readAnswer(CALL, answerSchema, answer);
  } catch (error) {
    throw translate(CALL, error);
  }
}

function stateOf(alarm: z.output<typeof alarmSchema>): AlarmState {
  const since = startOfData(alarm.StateReasonData) ?? alarm.StateTransitionedTimestamp?.toISOString() ?? null;
  return { name: alarm.AlarmName, state: alarm.StateValue, since, reason: alarm.StateReason };
}

/** Read leniently: `since` is a help to the reader and to the RTO, and no decision needs it. */
function startOfData(reasonData: string | undefined): string | null {
  if (reasonData === undefined) return null;
  const parsed = reasonDataSchema.safeParse(parseJson(reasonData));
  if (!parsed.success) return null;
  const ms = Date.parse(parsed.data.startDate.replace(OFFSET_WITHOUT_COLON, '$1:$2'));
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
