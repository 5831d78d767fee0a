import { z } from 'zod';

const seconds = z.number().nonnegative();

/** What a scenario says about the data of its site; what it leaves out is as in the configuration, or as on an ordinary night. */
export const dataSchema = z.strictObject({
  mode: z.enum(['none', 'dump', 'ship']).optional(),
  /** Where a site in mode `none` tells the lag of its own replication. */
  probeUrl: z.url({ protocol: /^https$/ }).optional(),
  /** The same of its way home. */
  homeUrl: z.url({ protocol: /^https$/ }).optional(),
  /** Above so many seconds of loss automation asks. */
  maxLossSeconds: seconds.optional(),
  /** Bytes of the database as plain text of a dump. */
  databaseBytes: z.int().positive().optional(),
  /** What the site writes besides the users of the drill. */
  transactionsPerSecond: seconds.optional(),
  /** The shipper has not run for so long when the drill begins, and does not run until something makes it. */
  shipperSilentForSeconds: seconds.optional(),
  /** The server throws its binary log away after so long. */
  logRetentionSeconds: seconds.optional(),
  /** What comes of the dump of the night. `damaged`: it is whole by its manifest and cannot be loaded. */
  newestDump: z.enum(['good', 'damaged', 'refused']).optional(),
  /** The standby's side cannot go on at all. */
  applierFails: z.boolean().optional(),
  /** What of the data is written anew between the two dumps of a way home. */
  changedShare: z.number().min(0).max(1).optional(),
});
export type DataScenario = z.infer<typeof dataSchema>;

/** How the data of a site are kept, and what is true of them when the drill begins. Bytes and seconds. */
export interface DataPlan {
  readonly mode: 'none' | 'dump' | 'ship';
  /** The storage account. */
  readonly account: string;
  readonly shipEverySeconds: number;
  readonly dumpEverySeconds: number;
  readonly databaseBytes: number;
  readonly transactionsPerSecond: number;
  readonly shipperSilentForSeconds: number;
  readonly logRetentionSeconds: number;
  readonly newestDump: 'good' | 'damaged' | 'refused';
  readonly applierFails: boolean;
  readonly changedShare: number;
}

/** What the configuration says of the data of a workload, as far as the world goes by it. */
export interface DataConfig {
  readonly mode: 'none' | 'dump' | 'ship';
  readonly account?: string | undefined;
  readonly shipEverySeconds?: number | undefined;
  readonly dumpEveryMinutes?: number | undefined;
}

/** An ordinary night of a small site; assumed, but for the retention, which docs ask for. */
const ORDINARY = {
  account: 'stpetclinicdata',
  shipEverySeconds: 10,
  dumpEverySeconds: 86_400,
  databaseBytes: 2_000_000_000,
  transactionsPerSecond: 2,
  shipperSilentForSeconds: 0,
  logRetentionSeconds: 86_400,
  newestDump: 'good',
  applierFails: false,
  changedShare: 0.05,
} as const satisfies Partial<DataPlan>;

/** The plan of a site: what its scenario says, then its configuration, then an ordinary night. Without either, it is on its own. */
export function dataPlanOf(config: DataConfig | undefined, scenario: DataScenario = {}): DataPlan {
  const told = config ?? { mode: 'none' };
  return {
    mode: scenario.mode ?? told.mode,
    account: told.account ?? ORDINARY.account,
    shipEverySeconds: told.shipEverySeconds ?? ORDINARY.shipEverySeconds,
    dumpEverySeconds:
      told.dumpEveryMinutes === undefined ? ORDINARY.dumpEverySeconds : told.dumpEveryMinutes * 60,
    databaseBytes: scenario.databaseBytes ?? ORDINARY.databaseBytes,
    transactionsPerSecond: scenario.transactionsPerSecond ?? ORDINARY.transactionsPerSecond,
    shipperSilentForSeconds: scenario.shipperSilentForSeconds ?? ORDINARY.shipperSilentForSeconds,
    logRetentionSeconds: scenario.logRetentionSeconds ?? ORDINARY.logRetentionSeconds,
    newestDump: scenario.newestDump ?? ORDINARY.newestDump,
    applierFails: scenario.applierFails ?? ORDINARY.applierFails,
    changedShare: scenario.changedShare ?? ORDINARY.changedShare,
  };
}
