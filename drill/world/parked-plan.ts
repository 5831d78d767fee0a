import { z } from 'zod';

const startFailure = z.strictObject({ code: z.string(), message: z.string() });

/** What a scenario says about a parked standby; what it leaves out is as on an ordinary night. */
export const parkedSchema = z.strictObject({
  /** Since when it is stopped: its own data are as old. */
  stoppedDays: z.number().nonnegative().optional(),
  /** Every start of the cluster comes to nothing, for this reason. */
  clusterRefuses: startFailure.optional(),
  /** How long the gateway takes to start, where it is not as long as creating one. */
  gatewayStartSeconds: z.tuple([z.number(), z.number()]).optional(),
  /** What the configuration says is done about a set that is awake without a reason. */
  whenAwake: z.enum(['tell', 'park']).optional(),
  wakeSeconds: z.number().optional(),
});
export type ParkedScenario = z.infer<typeof parkedSchema>;

/** Woken once a month for an exercise: some time in between. */
export const ORDINARY_STOPPED_DAYS = 12;
