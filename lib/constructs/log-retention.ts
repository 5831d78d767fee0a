import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Config } from '../../core/config/schema.ts';

const retentions = {
  30: RetentionDays.ONE_MONTH,
  60: RetentionDays.TWO_MONTHS,
  90: RetentionDays.THREE_MONTHS,
  180: RetentionDays.SIX_MONTHS,
  365: RetentionDays.ONE_YEAR,
  731: RetentionDays.TWO_YEARS,
} as const satisfies Record<Config['controller']['logRetentionDays'], RetentionDays>;

/** How long logs are kept, in the words of the CDK. */
export const retentionOf = (config: Config): RetentionDays => retentions[config.controller.logRetentionDays];
