import * as z from 'zod';
import type { OriginId } from '../route/route.ts';
import { domainName, secretName } from './parts.ts';

/* How the edge of a workload is moved, and what it is made of. */

const edgeStackSchema = z.strictObject({
  hostedZone: z
    .strictObject({
      id: z
        .string()
        .regex(/^Z[A-Z0-9]{5,31}$/, 'a Route 53 hosted zone id')
        .describe('Route 53 hosted zone id'),
      name: domainName,
    })
    .describe('Zone of the certificate and of the alias records of the site'),
  originSecretName: secretName.describe(
    'Secret that CloudFront sends to the origins, so that they can refuse whoever does not come through it',
  ),
  webAcl: z
    .boolean()
    .default(false)
    .describe('Puts a WAF with the managed common rules in front of the site'),
  priceClass: z
    .enum(['PriceClass_100', 'PriceClass_200', 'PriceClass_All'])
    .default('PriceClass_200')
    .describe('Which edge locations serve the site: fewer cost less'),
});

const originId = (name: OriginId) =>
  z.string().min(1).max(128).default(name).describe(`Id of the origin that is the ${name}`);

export const edgeSchema = z.strictObject({
  strategy: z
    .enum(['key-value', 'distribution'])
    .default('key-value')
    .describe(
      'key-value: an edge function reads the route; distribution: the distribution itself is updated',
    ),
  distributionId: z
    .string()
    .regex(/^E[A-Z0-9]{6,20}$/, 'a CloudFront distribution id')
    .describe('CloudFront distribution of the site'),
  keyValueStoreArn: z
    .string()
    .regex(
      /^arn:aws:cloudfront::\d{12}:key-value-store\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      'the ARN of a CloudFront KeyValueStore',
    )
    .optional()
    .describe(
      'Store of the route, in the account of the controller; one for each workload. For key-value only',
    ),
  originIds: z
    .strictObject({
      primary: originId('primary'),
      standby: originId('standby'),
      maintenance: originId('maintenance'),
    })
    .prefault({})
    .describe('Ids of the origins in an existing distribution; the edge function knows the defaults only'),
  stack: edgeStackSchema.optional().describe('Makes the distribution too; leave it out to bring your own'),
});
