import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, RecordTarget, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { pinLogicalId } from './names.ts';
import type { Site } from './site.ts';

/** The name of the site: its certificate, and the records that lead to the distribution. */
export class SiteDomain extends Construct {
  readonly certificate: ICertificate;
  private readonly zone: IHostedZone;
  private readonly host: string;

  constructor(scope: Construct, id: string, { settings, host }: Site) {
    super(scope, id);
    // By its attributes: a look-up would need the account at synthesis.
    this.zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: settings.hostedZone.id,
      zoneName: settings.hostedZone.name,
    });
    this.host = host;
    // Validated by a record that stays, so that it renews itself.
    const certificate = new Certificate(this, 'Certificate', {
      domainName: host,
      validation: CertificateValidation.fromDns(this.zone),
    });
    pinLogicalId(certificate, 'SiteCertificate');
    this.certificate = certificate;
  }

  /** Both families, because the distribution answers on both. They never change again: the switch is not in the DNS. */
  pointTo(distribution: IDistribution): void {
    const record = {
      zone: this.zone,
      recordName: this.host,
      target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
    };
    new ARecord(this, 'Ipv4', record);
    new AaaaRecord(this, 'Ipv6', record);
  }
}
