import * as z from 'zod';
import { approversSchema } from '../approval/approval.ts';
import { isTimeZone } from '../time-zone.ts';
import { seconds } from './parts.ts';

/* What the controller may do about a workload, and who decides. */

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 09:00');

const approvalPolicySchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none').describe('Nobody is asked') }),
  z.strictObject({
    mode: z.literal('required').describe('People are asked'),
    onlyWithin: z
      .strictObject({
        timeZone: z
          .string()
          .refine(isTimeZone, 'the IANA name of a time zone such as Asia/Seoul')
          .describe('IANA name, for instance Asia/Seoul'),
        days: z
          .array(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']))
          .min(1)
          .describe('Days on which the hours begin'),
        from: timeOfDay.describe('First minute of the hours'),
        to: timeOfDay.describe('First minute after them; earlier than from, they go over midnight'),
      })
      .optional()
      .describe('Outside of these hours nobody has to approve'),
    approvers: approversSchema.describe('Who may decide'),
    approvals: z.literal([1, 2]).default(1).describe('How many different people must approve'),
    timeLimitSeconds: seconds(60, 7_200).describe('How long the run waits for an answer'),
    reminderSeconds: seconds(30, 3_600).describe('How often people are reminded'),
    onTimeout: z.enum(['proceed', 'abort', 'escalate']).describe('What happens when nobody answers'),
  }),
]);

export const policySchema = z.strictObject({
  confirm: z
    .strictObject({
      intervalSeconds: seconds(1, 30).default(4).describe('Time between two looks of a run'),
      patienceSeconds: seconds(0, 900)
        .default(180)
        .describe(
          'Signals that contradict each other are looked at again for so long before a person is called',
        ),
      quorum: z
        .strictObject({
          signals: z.int().min(1).describe('Signals that must be bad'),
          kinds: z.int().min(1).max(2).describe('Kinds of signal (alarm, probe) among the bad ones'),
          places: z.int().min(1).describe('Places from which the primary must be bad'),
        })
        .describe('All three counts must be reached'),
    })
    .describe('What makes an outage confirmed'),
  outage: z
    .strictObject({
      errorPercent: z
        .number()
        .min(20)
        .max(100)
        .default(50)
        .describe('The primary is down where at least so many of the looks fail, from the quorum of places'),
      seconds: seconds(10, 300).default(20).describe('... over so long'),
    })
    .prefault({})
    .describe('When the primary counts as down: users get the page at once'),
  degraded: z
    .strictObject({
      errorPercent: z
        .number()
        .min(1)
        .max(50)
        .default(10)
        .describe('The primary is degraded where at least so many of the looks fail'),
      minutes: z.int().min(1).max(60).default(10).describe('Degraded for so long, it is a matter of `then`'),
      then: z
        .enum(['tell', 'ask', 'failover'])
        .default('tell')
        .describe('tell: people are told and users stay; ask: a person decides; failover: users are moved'),
      prepare: z
        .boolean()
        .default(false)
        .describe('Whether the standby is started as soon as the primary is degraded; not with tell'),
    })
    .prefault({})
    .describe('What to do while some requests fail: users stay until the standby is ready'),
  recovery: z
    .strictObject({
      seconds: seconds(20, 900)
        .default(60)
        .describe('The primary is well again after so long without a bad answer, from every place'),
      trialSeconds: seconds(5, 60)
        .default(6)
        .describe('Behind the shield users are let home on trial after so long; one bad answer shows'),
    })
    .prefault({})
    .describe('What coming back takes'),
  approval: approvalPolicySchema.describe(
    'Whether a person must approve, who, and what happens when nobody answers',
  ),
  startStandby: z
    .enum(['on-suspicion', 'on-confirmation', 'on-approval'])
    .default('on-confirmation')
    .describe(
      'on-suspicion wins the seconds of the confirmation and builds for false alarms too; on-approval waits',
    ),
  onPrimaryRecovery: z
    .enum(['stand-down', 'proceed'])
    .default('stand-down')
    .describe('What to do when the primary comes back before the switch'),
  serveFirst: z
    .boolean()
    .default(true)
    .describe(
      'A warm standby gets users as soon as what runs of it serves, while its nodes are being added; with canary, by shares',
    ),
  canary: z
    .strictObject({
      shares: z
        .array(z.number().gt(0).lt(100))
        .min(1)
        .max(5)
        .describe(
          'Percent of the users that go to the standby first, in growing steps; all follow at the end',
        ),
      holdSeconds: seconds(10, 600).describe('How long each share is held and watched'),
      errorPercentMax: z
        .number()
        .min(0)
        .max(50)
        .describe('More failed answers than this: back to the shield at once'),
    })
    .optional()
    .describe('Leave it out to move everybody at once'),
  failback: z
    .strictObject({
      approval: z
        .enum(['required', 'none'])
        .optional()
        .describe(
          'Whether the approvers of `approval` are asked before users see the page, at whatever hour; they are, if you leave it out',
        ),
      waitSeconds: seconds(60, 7_200)
        .default(1_800)
        .describe('How long the run waits for a primary that is well for recovery.seconds'),
      dataSeconds: seconds(600, 172_800)
        .default(43_200)
        .describe('How long carrying the data home may take while users are on the standby'),
      pageSecondsMax: seconds(60, 14_400)
        .default(900)
        .describe('Nobody is moved where users would see the page for longer than this'),
      lastDataSeconds: seconds(60, 14_400)
        .default(1_200)
        .describe('How long the last data may take behind the page; then users return to the standby'),
      putAway: z
        .boolean()
        .default(true)
        .describe('Whether the standby is parked, shrunk or destroyed once users are home'),
    })
    .prefault({})
    .describe('How the site is brought home'),
  cooldownMinutes: z
    .int()
    .min(0)
    .max(24 * 60)
    .default(60)
    .describe('After a run no alarm starts another for so long; a person may'),
});
