import { approvalNeeded } from '../../../core/approval/approval-policy.ts';
import { isTimeZone } from '../../../core/time-zone.ts';

/*
 * Goal: whether somebody is asked follows from the local hour of the hours' own time zone, over midnight and over a
 * change of the clocks too.
 */

type Policy = Parameters<typeof approvalNeeded>[0];
type Hours = NonNullable<Extract<Policy, { mode: 'required' }>['onlyWithin']>;

const OFFICE: Hours = {
  timeZone: 'Asia/Seoul',
  days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
  from: '09:00',
  to: '18:00',
};
const required = (onlyWithin?: Hours): Policy => ({
  mode: 'required',
  approvers: { slackUserIds: ['U012AB3CD'], principals: [] },
  approvals: 1,
  timeLimitSeconds: 600,
  reminderSeconds: 120,
  onTimeout: 'escalate',
  ...(onlyWithin === undefined ? {} : { onlyWithin }),
});
const asks = (hours: Partial<Hours>, at: string): boolean =>
  approvalNeeded(required({ ...OFFICE, ...hours }), at);

describe('an approval', () => {
  it('is never asked for where the policy asks nobody, and always where it names no hours', () => {
    expect(approvalNeeded({ mode: 'none' }, '2026-11-23T03:00:00.000Z')).toBe(false);
    expect(approvalNeeded(required(), '2026-11-22T03:00:00.000Z')).toBe(true);
  });

  // Seoul is 9 hours ahead: Monday 2026-11-23, 09:00 there is 00:00 UTC.
  it.each([
    ['in the first minute', '2026-11-23T00:00:00.000Z', true],
    ['in the minute before', '2026-11-22T23:59:59.000Z', false],
    ['in the last minute', '2026-11-23T08:59:59.000Z', true],
    ['in the minute after', '2026-11-23T09:00:00.000Z', false],
    ['on the last day', '2026-11-27T03:00:00.000Z', true],
    ['on a day that is not listed', '2026-11-28T03:00:00.000Z', false],
  ])('is asked for by the local hour and day: %s', (_case, at, asked) => {
    expect(asks({}, at)).toBe(asked);
  });

  it('is asked for by the time zone of the hours, not by that of the machine', () => {
    // 00:30 UTC on Monday: 09:30 in Seoul, still Sunday in New York.
    expect(asks({}, '2026-11-23T00:30:00.000Z')).toBe(true);
    expect(asks({ timeZone: 'America/New_York' }, '2026-11-23T00:30:00.000Z')).toBe(false);
    expect(asks({ timeZone: 'America/New_York' }, '2026-11-23T15:00:00.000Z')).toBe(true);
  });

  // From 22:00 to 06:00, beginning on a Friday: local time is UTC here.
  it.each([
    ['after they began', '2026-11-27T22:00:00.000Z', true],
    ['just before they began', '2026-11-27T21:59:00.000Z', false],
    ['after midnight, on a day that is not listed', '2026-11-28T05:59:00.000Z', true],
    ['when they are over', '2026-11-28T06:00:00.000Z', false],
    ['in the evening of the next day', '2026-11-28T23:00:00.000Z', false],
    ['in the early morning of the listed day, which belongs to Thursday', '2026-11-27T05:00:00.000Z', false],
  ])('is asked for in hours over midnight by the day they began on: %s', (_case, at, asked) => {
    expect(asks({ timeZone: 'UTC', days: ['Fri'], from: '22:00', to: '06:00' }, at)).toBe(asked);
  });

  it('goes from Sunday into Monday, and from Monday not back into Sunday', () => {
    const night = { timeZone: 'UTC', from: '22:00', to: '06:00' };
    expect(asks({ ...night, days: ['Sun'] }, '2026-11-23T02:00:00.000Z')).toBe(true);
    expect(asks({ ...night, days: ['Mon'] }, '2026-11-23T02:00:00.000Z')).toBe(false);
  });

  it('knows the day before where that day had 23 hours only', () => {
    // In New York the clocks went forward on Sunday 2026-03-08; 04:30 UTC on Monday is 00:30 there.
    const night = { timeZone: 'America/New_York', from: '22:00', to: '06:00' };
    expect(asks({ ...night, days: ['Sun'] }, '2026-03-09T04:30:00.000Z')).toBe(true);
    expect(asks({ ...night, days: ['Sat'] }, '2026-03-09T04:30:00.000Z')).toBe(false);
  });
});

describe('the name of a time zone', () => {
  it.each(['Asia/Seoul', 'UTC', 'America/New_York'])('may be %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['Asia/Soul', '', 'KST+', '9'])('may not be %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
