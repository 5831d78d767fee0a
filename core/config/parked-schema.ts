import * as z from 'zod';
import { seconds } from './parts.ts';

/* What is true of a parked standby alone: it is built, stopped, and woken on the day. */

export const parkedSchema = z.strictObject({
  wakeSeconds: seconds(120, 1_800)
    .default(600)
    .describe('How long waking may take; after that the pipeline builds what does not wake, in the same run'),
  whenAwake: z
    .enum(['tell', 'park'])
    .default('tell')
    .describe(
      'A set that is awake without a reason costs money. tell: people are told; park: it is stopped too',
    ),
});
export type Parked = z.infer<typeof parkedSchema>;

/** What holds for a parked standby; what the configuration leaves out has its default. */
export const parkedOf = ({ parked }: { readonly parked?: Parked | undefined }): Parked =>
  parked ?? parkedSchema.parse({});
