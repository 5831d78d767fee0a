import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { edgeName, pinLogicalId } from './names.ts';
import type { Site } from './site.ts';

/**
 * What is written of each request: enough to tell who saw which answer from which edge location, and when. No cookies:
 * they are sessions. Names: CloudFront Developer Guide, "Standard logging reference".
 */
const FIELDS = [
  ...['date', 'time', 'x-edge-location', 'x-edge-request-id', 'c-ip', 'x-host-header', 'cs-protocol'],
  ...['cs-method', 'cs-uri-stem', 'cs-uri-query', 'cs(User-Agent)', 'cs(Referer)', 'cs-bytes'],
  ...['sc-status', 'sc-bytes', 'sc-content-type', 'time-taken', 'time-to-first-byte'],
  ...['x-edge-result-type', 'x-edge-response-result-type', 'x-edge-detailed-result-type'],
  ...['ssl-protocol', 'cs-protocol-version'],
];

export interface AccessLogsProps {
  readonly site: Site;
  readonly distribution: IDistribution;
  readonly retentionDays: number;
}

/**
 * Access logs of a distribution, by the second version of CloudFront's standard logging. The first one needs a bucket with
 * access control lists switched on; this one is allowed in by the bucket's policy, for this one distribution.
 */
export class AccessLogs extends Construct {
  constructor(scope: Construct, id: string, { site, distribution, retentionDays }: AccessLogsProps) {
    super(scope, id);
    const name = edgeName(site.workloadId);
    const bucket = makeBucket(this, retentionDays);
    const { account, region } = Stack.of(this);
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogsAreDelivered',
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['s3:PutObject'],
        // The whole bucket, which is for this alone: where in it the delivery writes is for CloudFront to say.
        resources: [bucket.arnForObjects('*')],
        conditions: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:${region}:${account}:delivery-source:${name}` },
        },
      }),
    );
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: distribution.distributionArn,
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      outputFormat: 'json',
      destinationResourceArn: bucket.bucketArn,
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: FIELDS,
      s3SuffixPath: '{DistributionId}/{yyyy}/{MM}/{dd}/{HH}',
    });
    // The source is named, not referred to; and the right to write is checked when the delivery is made.
    delivery.node.addDependency(source, bucket);
  }
}

function makeBucket(scope: Construct, retentionDays: number): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    // S3's own key: a key of ours would have to be opened to the delivery, and could keep the logs of the day out.
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [
      {
        id: 'forget',
        expiration: Duration.days(retentionDays),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    // What users saw during an outage is asked for long after it.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  pinLogicalId(bucket, 'AccessLogs');
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'This is the bucket of the logs; a log of who read the logs is what CloudTrail data events are for.',
  });
  return bucket;
}
