import type { Workload } from '../config/schema.ts';

type Policy = Workload['policy']['approval'];
type Hours = NonNullable<Extract<Policy, { mode: 'required' }>['onlyWithin']>;

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Weekday and time of day of a moment in a time zone, such as `Mon` and `09:30`. */
function localTime(at: Date, timeZone: string): { day: string; time: string } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? '';
  return { day: part('weekday'), time: `${part('hour')}:${part('minute')}` };
}

/** Whether a moment lies in the hours; those that end before they begin go over midnight, by the day they began on. */
function within(hours: Hours, at: Date): boolean {
  const { day, time } = localTime(at, hours.timeZone);
  const listed = (name: string): boolean => (hours.days as readonly string[]).includes(name);
  if (hours.from <= hours.to) return listed(day) && time >= hours.from && time < hours.to;
  if (time >= hours.from) return listed(day);
  // By its name: a day on which the clocks change has not 24 hours.
  const yesterday = WEEKDAYS.at(WEEKDAYS.indexOf(day) - 1) ?? '';
  return listed(yesterday) && time < hours.to;
}

/** Whether a person must approve a run that starts at this moment (ISO 8601). */
export function approvalNeeded(policy: Policy, startedAt: string): boolean {
  if (policy.mode === 'none') return false;
  return policy.onlyWithin === undefined || within(policy.onlyWithin, new Date(startedAt));
}
