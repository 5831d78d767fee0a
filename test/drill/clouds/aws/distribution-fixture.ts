import { makeDistribution, type CloudFrontState } from '../../../../drill/clouds/aws/cloudfront.ts';

export const DISTRIBUTION = 'E1PILOTLIGHT';
export const ACCOUNT = '111122223333';

/** How a distribution of these tests is arranged; ids may need escaping, as in a real one. */
export interface Arrangement {
  readonly main?: string;
  readonly ordered?: readonly (readonly [pathPattern: string, target: string])[];
  readonly origins?: readonly string[];
  readonly groups?: readonly (readonly [id: string, members: readonly string[]])[];
}

const list = (name: string, items: readonly string[]): string =>
  `<${name}><Quantity>${items.length}</Quantity>${items.length === 0 ? '' : `<Items>${items.join('')}</Items>`}</${name}>`;

const origin = (id: string): string =>
  `<Origin><Id>${id}</Id><DomainName>${id}.example.com</DomainName><OriginPath></OriginPath>` +
  '<OriginMtlsConfig><ClientCertificateArn>arn:aws:acm::new</ClientCertificateArn></OriginMtlsConfig></Origin>';

const group = ([id, members]: readonly [string, readonly string[]]): string =>
  `<OriginGroup><Id>${id}</Id>${list(
    'Members',
    members.map((member) => `<OriginGroupMember><OriginId>${member}</OriginId></OriginGroupMember>`),
  )}</OriginGroup>`;

const behaviour = ([pathPattern, target]: readonly [string, string]): string =>
  `<CacheBehavior><PathPattern>${pathPattern}</PathPattern><TargetOriginId>${target}</TargetOriginId>` +
  '<FieldOfTomorrow unit="s">7</FieldOfTomorrow><Compress>true</Compress></CacheBehavior>';

/** A configuration as CloudFront sends it, with fields that no SDK of today knows. */
export function configXml(arrangement: Arrangement = {}): string {
  const { main = 'primary', ordered = [], groups = [] } = arrangement;
  const { origins = ['primary', 'standby', 'maintenance', 'assets'] } = arrangement;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">' +
    `<CallerReference>by-hand-2021</CallerReference>${list('Aliases', ['<CNAME>www.example.com</CNAME>'])}` +
    `${list('Origins', origins.map(origin))}${list('OriginGroups', groups.map(group))}` +
    `<DefaultCacheBehavior><TargetOriginId>${main}</TargetOriginId><FieldOfTomorrow/>` +
    `<ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy></DefaultCacheBehavior>` +
    `${list('CacheBehaviors', ordered.map(behaviour))}<Comment>shop &amp; more</Comment>` +
    '<Enabled>true</Enabled><SectionOfTomorrow><Depth>1</Depth></SectionOfTomorrow></DistributionConfig>'
  );
}

/** A CloudFront with one distribution, whose deployments take so long. */
export function cloudFrontWith(
  config: string,
  more: Partial<Omit<CloudFrontState, 'distributions'>> = {},
): CloudFrontState & { distribution: ReturnType<typeof makeDistribution> } {
  const distribution = makeDistribution(DISTRIBUTION, ACCOUNT, config);
  return { distributions: [distribution], distribution, deploymentMs: () => 180_000, ...more };
}
