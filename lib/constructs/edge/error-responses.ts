import { Duration } from 'aws-cdk-lib';
import type { ErrorResponse } from 'aws-cdk-lib/aws-cloudfront';

/** The page of the maintenance origin; route-request.js asks for the same one under the shield. */
export const MAINTENANCE_PAGE = '/maintenance.html';

/**
 * "Nobody could answer": CloudFront itself says so when it cannot connect (502, 504), and so does a load balancer whose
 * targets do not answer. Error responses hold for the whole distribution, so the codes that applications and the shield
 * use on purpose (500 and 503) are left alone: their bodies reach the viewer.
 */
const NOBODY_ANSWERED = [502, 504];

/** The other codes that CloudFront keeps for a while unless it is told not to. */
const PASSED_ON = [404, 500, 501, 503];

/** CloudFront's own 10 s would show an error after the switch that is over, and let probes count one failure many times. */
const KEPT_FOR = Duration.seconds(0);

/**
 * What viewers see of errors. The maintenance page keeps the code of the error: as a 200 it would be a lie to browsers
 * and search engines, and as a 503 it would look like the shield to the probes that verify it, while writes still go to
 * whatever is left of the primary.
 */
export const errorResponses: ErrorResponse[] = [
  ...NOBODY_ANSWERED.map((code) => ({
    httpStatus: code,
    responseHttpStatus: code,
    responsePagePath: MAINTENANCE_PAGE,
    ttl: KEPT_FOR,
  })),
  ...PASSED_ON.map((code) => ({ httpStatus: code, ttl: KEPT_FOR })),
];
