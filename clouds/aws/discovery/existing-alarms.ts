import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import type { Discovery } from '../../../core/config/discovery.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions } from '../client.ts';
import { readPages } from './pages.ts';

const CALL = 'CloudWatch DescribeAlarms';

/** The most alarms that DescribeAlarms answers on a page. */
const RECORDS_MAX = 100;
const DIMENSION = 'LoadBalancer';

const dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const metricSchema = z.object({ MetricName: z.string().optional(), Dimensions: dimensions });
const answerSchema = z.object({
  NextToken: z.string().optional(),
  MetricAlarms: z
    .array(
      metricSchema.extend({
        AlarmName: z.string(),
        /** Where the alarm watches an expression over several metrics. */
        Metrics: z.array(z.object({ MetricStat: z.object({ Metric: metricSchema }).optional() })).default([]),
      }),
    )
    .default([]),
});

/** The alarms that an account has already. */
export function makeExistingAlarms(access: Omit<AwsAccess, 'region'>): Pick<Discovery, 'alarmsOn'> {
  return {
    async alarmsOn(region, loadBalancer) {
      const client = new CloudWatchClient(clientOptions({ ...access, region }));
      const read = async (NextToken: string | undefined) => {
        const command = new DescribeAlarmsCommand({
          AlarmTypes: ['MetricAlarm'],
          MaxRecords: RECORDS_MAX,
          ...(NextToken === undefined ? {} : { NextToken }),
        });
        return readAnswer(CALL, answerSchema, await client.send(command));
      };
      const pages = await readPages(CALL, read, { markerOf: ({ NextToken }) => NextToken });
      const watches = (metric: z.output<typeof metricSchema> | undefined): boolean =>
        metric?.Dimensions.some(({ Name, Value }) => Name === DIMENSION && Value === loadBalancer) === true;
      return pages
        .flatMap(({ MetricAlarms }) => MetricAlarms)
        .filter(
          (alarm) => watches(alarm) || alarm.Metrics.some(({ MetricStat }) => watches(MetricStat?.Metric)),
        )
        .map(({ AlarmName, MetricName }) => ({ name: AlarmName, metric: MetricName ?? null }));
    },
  };
}
