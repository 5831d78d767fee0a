import { sitesOf } from '../../lib/constructs/edge/site.ts';
import { edgeConfig, Synthesized } from './edge-fixture.ts';

const stack = new Synthesized();
const guarded = new Synthesized({ stack: { webAcl: true } });
const typesOf = ({ resources }: Synthesized): string[] => [
  ...new Set(Object.values(resources).map(({ Type }) => Type)),
];

describe('the store of the route', () => {
  it('outlives the stack, under a name that a second store cannot take', () => {
    expect(stack.only('AWS::CloudFront::KeyValueStore')).toEqual({
      Type: 'AWS::CloudFront::KeyValueStore',
      Properties: {
        Name: 'pilotlight-clinic',
        Comment: 'Route of clinic; written by the controller only',
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('gets no value from a deployment: nothing is imported, and nothing in the stack could run and write one', () => {
    expect(stack.text).not.toContain('ImportSource');
    // Every type that there is, so that a custom resource or a function of Lambda cannot slip in unnoticed.
    expect(typesOf(guarded).toSorted()).toEqual([
      'AWS::CertificateManager::Certificate',
      'AWS::CloudFront::CachePolicy',
      'AWS::CloudFront::Distribution',
      'AWS::CloudFront::Function',
      'AWS::CloudFront::KeyValueStore',
      'AWS::CloudFront::OriginRequestPolicy',
      'AWS::CloudFront::ResponseHeadersPolicy',
      'AWS::Logs::Delivery',
      'AWS::Logs::DeliveryDestination',
      'AWS::Logs::DeliverySource',
      'AWS::Route53::RecordSet',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::WAFv2::WebACL',
    ]);
  });
});

describe('the stack', () => {
  it('keeps the ids of what must not be replaced, wherever our code moves it', () => {
    const idOf = (type: string): string[] =>
      Object.entries(stack.resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
    expect(idOf('AWS::CloudFront::KeyValueStore')).toEqual(['RouteStore']);
    expect(idOf('AWS::CloudFront::Distribution')).toEqual(['Distribution']);
    expect(idOf('AWS::CertificateManager::Certificate')).toEqual(['SiteCertificate']);
    expect(idOf('AWS::S3::Bucket')).toEqual(['AccessLogs']);
  });

  it('is in us-east-1, the only Region that CloudFront takes certificates and firewalls from', () => {
    expect(stack.environment).toMatchObject({ account: '111122223333', region: 'us-east-1' });
  });

  it('cannot be deleted by mistake', () => {
    expect(stack.terminationProtection).toBe(true);
  });

  it('puts out what the operator puts into the configuration', () => {
    const { Outputs } = stack.template.toJSON() as { Outputs: Record<string, { Value: unknown }> };
    expect(Object.entries(Outputs).map(([id, { Value }]) => [id, Value])).toEqual([
      ['DistributionId', { Ref: 'Distribution' }],
      ['KeyValueStoreArn', { 'Fn::GetAtt': ['RouteStore', 'Arn'] }],
      ['DistributionDomainName', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }],
    ]);
  });

  it('names the secret twice, for the two applications, and never holds it', () => {
    const references = stack.text.match(/\{\{resolve:[^}]*\}\}/g);
    expect(references).toEqual([
      '{{resolve:secretsmanager:clinic/origin-secret:SecretString:::}}',
      '{{resolve:secretsmanager:clinic/origin-secret:SecretString:::}}',
    ]);
  });
});

describe('the name of the site', () => {
  it('has a certificate that renews itself by a record in its zone', () => {
    expect(stack.only('AWS::CertificateManager::Certificate').Properties).toMatchObject({
      DomainName: 'clinic.example.com',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'clinic.example.com', HostedZoneId: 'Z0123456789EXAMPLE' }],
    });
    expect(stack.distribution['ViewerCertificate']).toMatchObject({
      AcmCertificateArn: { Ref: 'SiteCertificate' },
    });
  });

  it('leads to the distribution over IPv4 and IPv6', () => {
    for (const Type of ['A', 'AAAA']) {
      stack.template.hasResourceProperties('AWS::Route53::RecordSet', {
        Type,
        Name: 'clinic.example.com.',
        HostedZoneId: 'Z0123456789EXAMPLE',
        AliasTarget: { DNSName: { 'Fn::GetAtt': ['Distribution', 'DomainName'] } },
      });
    }
    stack.template.resourceCountIs('AWS::Route53::RecordSet', 2);
  });

  it('may be the zone itself', () => {
    const apex = new Synthesized({ url: 'https://example.com' });
    apex.template.hasResourceProperties('AWS::Route53::RecordSet', { Type: 'A', Name: 'example.com.' });
  });
});

describe('the access logs', () => {
  it('lie encrypted in a bucket that nobody else sees, for as long as the configuration says', () => {
    const bucket = stack.only('AWS::S3::Bucket');
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: 'Enabled' }] },
    });
  });

  it('are written by the delivery of this one distribution, over TLS', () => {
    const { PolicyDocument: policy } = stack.only('AWS::S3::BucketPolicy').Properties as {
      PolicyDocument: { Statement: Record<string, unknown>[] };
    };
    expect(policy.Statement).toHaveLength(2);
    expect(policy.Statement[0]).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect(policy.Statement[1]).toMatchObject({
      Effect: 'Allow',
      Action: 's3:PutObject',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Condition: {
        StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': '111122223333' },
        ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:delivery-source:pilotlight-clinic' },
      },
    });
  });

  it('are those of the distribution, without cookies', () => {
    expect(stack.only('AWS::Logs::DeliverySource').Properties).toEqual({
      Name: 'pilotlight-clinic',
      LogType: 'ACCESS_LOGS',
      ResourceArn: {
        'Fn::Join': ['', ['arn:aws:cloudfront::111122223333:distribution/', { Ref: 'Distribution' }]],
      },
    });
    const { RecordFields: fields } = stack.only('AWS::Logs::Delivery').Properties;
    expect(fields).toEqual(expect.arrayContaining(['date', 'time', 'x-edge-location', 'sc-status']));
    expect(fields).not.toContain('cs(Cookie)');
  });
});

describe('the firewall', () => {
  it('is there when the configuration wants it: a rate limit and the managed rules, in front of the distribution', () => {
    const acl = guarded.only('AWS::WAFv2::WebACL').Properties as { Scope: string; Rules: Rule[] };
    expect(acl.Scope).toBe('CLOUDFRONT');
    expect(acl.Rules.map(({ Name, Priority }) => [Priority, Name])).toEqual([
      [0, 'rate-limit'],
      [1, 'AWSManagedRulesCommonRuleSet'],
      [2, 'AWSManagedRulesKnownBadInputsRuleSet'],
    ]);
    expect(acl.Rules[0]).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { Limit: 3000, EvaluationWindowSec: 300, AggregateKeyType: 'IP' } },
    });
    // Otherwise the managed rules would count only.
    expect(acl.Rules.slice(1).map(({ OverrideAction }) => OverrideAction)).toEqual([
      { None: {} },
      { None: {} },
    ]);
    const { 'Fn::GetAtt': arn } = guarded.distribution['WebACLId'] as { 'Fn::GetAtt': string[] };
    expect(guarded.at({ Ref: arn[0] }).Type).toBe('AWS::WAFv2::WebACL');
  });

  it('is not there otherwise', () => {
    expect(typesOf(stack)).not.toContain('AWS::WAFv2::WebACL');
    expect(stack.distribution).not.toHaveProperty('WebACLId');
  });
});

describe('the sites of a configuration', () => {
  it('are the workloads whose distribution is ours to make', () => {
    expect(sitesOf(edgeConfig()).map(({ workloadId, host }) => [workloadId, host])).toEqual([
      ['clinic', 'clinic.example.com'],
    ]);
    expect(sitesOf(edgeConfig({ stack: null }))).toEqual([]);
  });
});

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly OverrideAction?: unknown;
}
