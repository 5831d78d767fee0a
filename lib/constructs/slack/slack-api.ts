import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { names } from '../../names.ts';
import { retentionOf } from '../log-retention.ts';

/** Where the Slack app sends its interactions to. */
const PATH = '/slack/interactions';

/** Clicks of a handful of people. What is more is refused before a function runs, and costs next to nothing. */
const THROTTLE = { rateLimit: 10, burstLimit: 20 } as const;

/** One line a request: who, when, what came of it. Neither headers nor body: they carry the signature and names. */
const LOG_LINE = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
  latencyMs: '$context.responseLatency',
});

export interface SlackApiProps {
  readonly gateway: IFunction;
  readonly config: Config;
}

/**
 * The one door that is open to the internet. An HTTP API and not a function URL: a URL has neither throttling nor an access
 * log of its own, so that a flood would be paid for by the invocation and take the concurrency of the account, from which the
 * workflow's functions live too.
 */
export class SlackApi extends Construct {
  /** What the Slack app is told as its request URL. */
  readonly url: string;

  constructor(scope: Construct, id: string, { gateway, config }: SlackApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      apiName: names.slackApi,
      description: 'Pilotlight: answers to approvals, from Slack',
      createDefaultStage: false,
    });
    const routes = api.addRoutes({
      path: PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Gateway', gateway),
    });
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'Slack has no IAM identity and no token of ours: it signs each request, and the function checks that.',
      });
    }
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', {
            // Under this prefix a log group needs no room in the account's one policy for log delivery.
            logGroupName: `/aws/vendedlogs/apis/${names.slackApi}`,
            retention: retentionOf(config),
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(LOG_LINE),
      },
    });
    // The default stage has no name in the address.
    this.url = `${api.apiEndpoint}${PATH}`;
  }
}
