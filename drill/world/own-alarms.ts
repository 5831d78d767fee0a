import type { AlarmView } from '../clouds/aws/cloudwatch.ts';

const OWN_REASON = 'Orders per minute fell below the threshold';

/** An alarm of the site's own: who evaluates it, and by what, is not ours to know. */
export interface OwnAlarm {
  readonly name: string;
  readonly region: string;
  readonly kind: 'metric' | 'composite';
  ringingSince: number | null;
}

/** The event of an alarm of the site's own that begins to ring. A composite alarm has a rule in place of metrics. */
export function ownAlarmEventOf(alarm: OwnAlarm, account: string): Record<string, unknown> {
  const at = new Date(alarm.ringingSince ?? 0).toISOString();
  const timestamp = at.replace('Z', '+0000');
  return {
    version: '0',
    id: `drill-${alarm.name}-${at}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account,
    time: at,
    region: alarm.region,
    resources: [`arn:aws:cloudwatch:${alarm.region}:${account}:alarm:${alarm.name}`],
    detail: {
      alarmName: alarm.name,
      state: { value: 'ALARM', reason: OWN_REASON, timestamp },
      previousState: { value: 'OK', timestamp },
      configuration: alarm.kind === 'composite' ? { alarmRule: 'ALARM(orders-stalled)' } : { metrics: [] },
    },
  };
}

/** Alarms of the site's own in a Region, as CloudWatch shows them. */
export const ownAlarmViews = (alarms: readonly OwnAlarm[], region: string): readonly AlarmView[] =>
  alarms
    .filter((alarm) => alarm.region === region)
    .map(({ name, kind, ringingSince }) => ({
      ...{ name, kind, state: ringingSince === null ? 'OK' : 'ALARM' },
      ...{ reason: OWN_REASON, reasonData: '{}', stateUpdated: ringingSince ?? 0 },
    }));

/** Lets one of them ring. @returns where it rings, and the event of it */
export function ringOwnAlarm(
  alarms: readonly OwnAlarm[],
  name: string,
  account: string,
): { readonly region: string; readonly event: Record<string, unknown> } {
  const alarm = alarms.find((known) => known.name === name);
  if (alarm === undefined) throw new Error(`the scenario has no alarm of its own called ${name}`);
  alarm.ringingSince = Date.now();
  return { region: alarm.region, event: ownAlarmEventOf(alarm, account) };
}
