import { Duration, SecretValue } from 'aws-cdk-lib';
import { OriginProtocolPolicy, OriginSslPolicy, type IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { ORIGIN_HEADER } from '../../../core/watch/probe.ts';
import { originIds, type OriginId } from '../../../core/route/route.ts';
import type { Site } from './site.ts';

/** Request header by which the load balancer and the gateway know that a request came through our distribution. */
const SECRET_HEADER = 'x-pilotlight-origin-secret';

/**
 * A dead origin must cost a viewer seconds, not the 3 x 10 s of CloudFront's defaults. Connecting takes three round trips
 * at most (TCP, TLS 1.2), 0.9 s at the 300 ms of the farthest edge location; 2 s leave room for one lost packet, which is
 * sent again after 1 s. Twice, because the second attempt may meet another address of the same name.
 */
const CONNECTION = { connectionAttempts: 2, connectionTimeout: Duration.seconds(2) };

/**
 * How long an answer may take. An application's slowest page must fit, since a page cut off here is shown as an outage;
 * the maintenance page is a file. CloudFront asks a second time for GET, so a reader waits twice as long at most.
 */
const READ_TIMEOUT: Readonly<Record<OriginId, Duration>> = {
  primary: Duration.seconds(20),
  standby: Duration.seconds(20),
  maintenance: Duration.seconds(5),
};

/**
 * Shorter than the idle timeouts at the other end (60 s at an ALB, 75 s at an Application Gateway): otherwise a write now
 * and then meets a connection that is being closed, and fails.
 */
const KEEP_ALIVE = Duration.seconds(50);

/** The three origins. Their ids are a contract with the edge function and never change. */
export function originsOf(site: Site): Readonly<Record<OriginId, IOrigin>> {
  const entries = originIds.map((id) => [id, makeOrigin(site, id)] as const);
  return Object.fromEntries(entries) as Record<OriginId, IOrigin>;
}

function makeOrigin(site: Site, id: OriginId): IOrigin {
  return new HttpOrigin(site.workload[id].domainName, {
    originId: id,
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    ...CONNECTION,
    readTimeout: READ_TIMEOUT[id],
    keepaliveTimeout: KEEP_ALIVE,
    customHeaders: {
      // The application can send it back and so name itself, on errors too, where no function of the edge runs.
      [ORIGIN_HEADER]: id,
      ...(id === 'maintenance' ? {} : applicationHeaders(site)),
    },
  });
}

/** For the applications only: whoever keeps the maintenance page has no business with the secret. */
const applicationHeaders = ({ settings, host }: Site): Record<string, string> => ({
  // A dynamic reference: CloudFormation puts the value in, in the Region of the stack. The template holds the name.
  [SECRET_HEADER]: SecretValue.secretsManager(settings.originSecretName).unsafeUnwrap(),
  // Origins are asked by their own names (see policies.ts), so redirects would lead users past the edge without this.
  'x-forwarded-host': host,
});
