import * as z from 'zod';
import { HANDOVER_SECONDS_MAX } from '../data/handover.ts';
import { seconds } from './parts.ts';

/* How the data of a workload get to the standby, and how much of them may be lost. */

const account = z
  .string()
  .regex(/^[a-z0-9]{3,24}$/, 'the name of a storage account: 3 to 24 of a-z and 0-9')
  .describe('Storage account of the dumps and the log, an output of terraform/azure/always');

const dumpEveryMinutes = z
  .int()
  .min(60)
  .max(7 * 24 * 60)
  .default(24 * 60)
  .describe('Minutes from one dump to the next');

const maxLossSeconds = (ordinary: number) =>
  seconds(1, 30 * 24 * 3_600)
    .default(ordinary)
    .describe(
      'Loss above which automation asks instead of moving users; a person may move them all the same',
    );

const handoverSeconds = seconds(60, HANDOVER_SECONDS_MAX)
  .default(600)
  .describe('How long applying the last data may take, while users see the page');

/** An https address with a path; a user name or password in it would be a secret in the configuration. */
const probeUrl = z
  .url({ protocol: /^https$/, hostname: z.regexes.domain, error: 'an https URL of a domain name' })
  .refine((url) => {
    const { username, password } = URL.parse(url) ?? { username: '', password: '' };
    return username === '' && password === '';
  }, 'an address without user name and password: the configuration is no place for secrets');

/** How a workload's data are brought to the standby; what is left out means `none`. */
export const dataSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('none').describe('The site replicates by its own means, or has no data to lose'),
    probe: z
      .strictObject({
        url: probeUrl.describe(
          'Answers how many seconds the standby is behind: a bare number, or JSON with lagSeconds',
        ),
        homeUrl: probeUrl
          .optional()
          .describe('The same of the way home: how many seconds the primary is behind the standby'),
      })
      .optional()
      .describe('Where the lag of the own replication is told; without it nobody knows what is lost'),
  }),
  z.strictObject({
    mode: z.literal('dump').describe('Dumps alone: what came after the newest is lost'),
    account,
    dumpEveryMinutes,
    // A day, an hour for the dump itself, and one to notice that it is missing.
    maxLossSeconds: maxLossSeconds(93_600),
    handoverSeconds,
  }),
  z.strictObject({
    mode: z.literal('ship').describe('Dumps, and the binary log shipped since'),
    account,
    shipEverySeconds: seconds(2, 30).default(10).describe('Seconds from one append of log to the next'),
    dumpEveryMinutes,
    maxLossSeconds: maxLossSeconds(300),
    handoverSeconds,
  }),
]);
export type DataPolicy = z.infer<typeof dataSchema>;
