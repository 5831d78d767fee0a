import { parseConfig } from '../../../core/config/parse.ts';
import { dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: a name that its vendor would refuse is refused today, and the nearest name that the vendor takes is taken.
 */

const AT = 'workloads.petclinic';
const accepts = (field: string, value: unknown): void => {
  // The zone of the example is not what these are about.
  expect(() => parseConfig(dataWithWorkload({ 'edge.stack': undefined, [field]: value }))).not.toThrow();
};
const refuses = (field: string, value: unknown, expected: string): void => {
  const [problem, ...others] = problemsOf(() =>
    parseConfig(dataWithWorkload({ 'edge.stack': undefined, [field]: value })),
  );
  expect(others).toEqual([]);
  expect(problem).toMatch(new RegExp(`^${AT}\\.${field.replaceAll('.', '\\.')}: got `));
  expect(problem).toContain(`expected ${expected}`);
};

const NAME_ALONE = 'a domain name alone, in lower case; did you mean "alb.shop.kr"?';
const PUBLIC = 'a name that the public DNS has';

describe('a domain name', () => {
  it.each(
    ['alb.shop.kr', 'a.b', '1.shop.kr', 'a-b.c-d.org', 'shop.xn--3e0b707e', `${'a'.repeat(63)}.kr`].filter(
      (name) => name.length > 3,
    ),
  )('may be %s', (name) => {
    accepts('primary.domainName', name);
  });

  it.each([
    ['ALB.shop.kr', NAME_ALONE],
    ['https://alb.shop.kr', NAME_ALONE],
    ['alb.shop.kr/app', NAME_ALONE],
    ['alb.shop.kr:8443', NAME_ALONE],
    ['alb.shop.kr.', NAME_ALONE],
    ['10.1.2.3', 'a domain name, not an IP address'],
    ['2001:db8::1', 'a domain name, not an IP address'],
    ['shop', 'a domain name in lower case'],
    ['a_b.shop.kr', 'a domain name in lower case'],
    ['-a.shop.kr', 'a domain name in lower case'],
    [`${'a'.repeat(64)}.kr`, 'a domain name in lower case'],
    ['localhost', 'a domain name in lower case'],
    ['alb.localhost', PUBLIC],
    ['alb.shop.local', PUBLIC],
    ['alb.internal', PUBLIC],
    ['alb.test', PUBLIC],
    ['alb.invalid', PUBLIC],
    ['1.0.0.10.in-addr.arpa', PUBLIC],
  ])('may not be %s', (name, expected) => {
    refuses('primary.domainName', name, expected);
  });
});

describe('the address of a site', () => {
  const BARE =
    'an https URL of nothing but the name, without port, path or query; did you mean "https://shop.kr"?';

  it.each(['https://shop.kr', 'https://www.shop.kr/', 'https://d111111abcdef8.cloudfront.net'])(
    'may be %s',
    (url) => {
      accepts('url', url);
    },
  );

  it.each([
    ['https://shop.kr/app', BARE],
    ['https://shop.kr/?a=1', BARE],
    ['https://shop.kr#top', BARE],
    ['https://shop.kr:8443', BARE],
    ['https://shop.kr.', BARE],
    ['https://Shop.kr', BARE],
    ['http://shop.kr', BARE],
    ['shop.kr', BARE],
    ['https://', 'an https URL of a domain name'],
    ['https://10.1.2.3', 'an https URL of a domain name'],
    ['https://localhost', 'an https URL of a domain name'],
    ['https://shop.local', PUBLIC],
    [7, 'an https URL of a domain name'],
  ])('may not be %s', (url, expected) => {
    refuses('url', url, expected);
  });

  it('is not repeated with the password in it', () => {
    const [problem = ''] = problemsOf(() =>
      parseConfig(dataWithWorkload({ url: 'https://kim:hunter2@shop.kr' })),
    );
    expect(problem).toContain('got "https://***@shop.kr", expected an https URL of nothing but the name');
    expect(problem).not.toContain('hunter2');
  });
});

const ALB = 'the end of the ALB ARN: app/NAME/16 hex digits, where NAME has at most 32 letters, digits and -';
const TARGETS = 'targetgroup/NAME/16 hex digits, where NAME has at most 32 letters, digits and -';
const HEX = '50dc6c495c0c9188';

describe('the name of', () => {
  it.each([
    ['primary.loadBalancer', `app/${'a'.repeat(32)}/${HEX}`, `app/${'a'.repeat(33)}/${HEX}`, ALB],
    ['primary.loadBalancer', `app/a-internal/${HEX}`, `app/internal-a/${HEX}`, ALB],
    ['primary.loadBalancer', `app/a-b/${HEX}`, `app/a-/${HEX}`, ALB],
    [
      'primary.loadBalancer',
      `app/a/${HEX}`,
      `net/a/${HEX}`,
      'the end of the ALB ARN: app/NAME/16 hex digits',
    ],
    ['primary.targetGroup', `targetgroup/a/${HEX}`, `targetgroup/a/${HEX.toUpperCase()}`, TARGETS],
    ['primary.targetGroup', `targetgroup/a-b/${HEX}`, `targetgroup/-b/${HEX}`, TARGETS],
    ['standby.azure.resourceGroup', `(a).${'a'.repeat(86)}`, `(a).${'a'.repeat(87)}`, '1 to 90 letters'],
    [
      'standby.azure.resourceGroup',
      'rg.a',
      'rg.',
      '1 to 90 letters, digits, _, ., (, ) and -, no period at the end',
    ],
    ['standby.azure.applicationGateway', 'a'.repeat(80), 'a'.repeat(81), '1 to 80 letters'],
    ['standby.azure.applicationGateway', 'agw_', 'agw-', '1 to 80 letters, digits, _, . and -'],
    ['standby.azure.applicationGateway', 'a', '_a', '1 to 80 letters'],
    [
      'standby.azure.aksCluster',
      'a_b',
      'a_',
      '1 to 63 letters, digits, _ and -, first and last a letter or digit',
    ],
    ['standby.azure.aksCluster', 'a'.repeat(63), 'a'.repeat(64), '1 to 63 letters'],
    ['standby.azure.aksCluster', 'a-b', 'a.b', '1 to 63 letters'],
    [
      'standby.azure.aksNodePool',
      'pool1',
      'Pool',
      'at most 12 lower-case letters and digits, first a letter',
    ],
    ['standby.azure.aksNodePool', 'a'.repeat(12), 'a'.repeat(13), 'at most 12 lower-case letters'],
    [
      'standby.azure.mysqlServer',
      'a-b',
      'A-b',
      '3 to 63 lower-case letters, digits and -, no - first or last',
    ],
    ['standby.azure.mysqlServer', 'abc', 'ab', '3 to 63 lower-case letters'],
    ['standby.azure.mysqlServer', 'a-1', 'a1-', '3 to 63 lower-case letters'],
    ['standby.pipeline.organization', 'a'.repeat(50), 'a'.repeat(51), 'at most 50 letters, digits and -'],
    ['standby.pipeline.organization', 'a-b', 'a-', 'at most 50 letters, digits and -, no - first or last'],
    ['standby.pipeline.organization', 'a1', 'a_1', 'at most 50 letters'],
    ['standby.pipeline.project', 'Pet Clinic (blue) ä', 'Pet/Clinic', 'at most 64 characters without'],
    ['standby.pipeline.project', 'a_', '_a', 'at most 64 characters without'],
    ['standby.pipeline.project', 'a.b', 'a.', 'at most 64 characters without'],
    ['standby.pipeline.project', 'a'.repeat(64), 'a'.repeat(65), 'at most 64 characters without'],
    ['standby.pipeline.project', 'Webs', 'WEB', 'another name: Azure DevOps keeps this one'],
    ['standby.pipeline.project', 'com11', 'com1', 'another name: Azure DevOps keeps this one'],
    ['standby.pipeline.branch', 'release/2026.11', 'release 2026', 'a name that git takes for a branch'],
    ['standby.pipeline.branch', 'a.lockx', 'a.lock', 'a name that git takes for a branch'],
    ['standby.pipeline.branch', 'a.b', 'a..b', 'a name that git takes for a branch'],
    ['standby.pipeline.branch', 'a/b', 'a/', 'a name that git takes for a branch'],
    ['standby.pipeline.branch', 'a@b', 'a@{b', 'a name that git takes for a branch'],
    ['standby.pipeline.branch', 'main', 'refs/heads/main', 'the branch alone, "main"'],
    [
      'edge.keyValueStoreArn',
      store('a1b2c3d4-5678-4abc-8def-1234567890ab'),
      store('a1b2c3d45678-4abc-8def-1234567890ab-'),
      'the ARN of a CloudFront KeyValueStore',
    ],
    ['displayName', 'Tierklinik Süd', 'Tierklinik\nSüd', 'one line without spaces at its ends'],
    ['displayName', 'a b', ' a b', 'one line without spaces at its ends'],
    ['maintenance.contains', 'We will be back', 'We will be back ', 'text without spaces at its ends'],
    ['standby.pipeline.pipelineId', 2_147_483_647, 2_147_483_648, 'number to be <=2147483647'],
  ])('%s may be %j and not %j', (field, good, bad, expected) => {
    accepts(field, good);
    refuses(field, bad, expected);
  });

  it.each(['tenantId', 'subscriptionId', 'clientId'])('nobody is no %s', (field) => {
    accepts(`standby.azure.${field}`, '9c0f4a7e-2f0b-4a58-9d4e-0f6c1f2f8a01');
    refuses(
      `standby.azure.${field}`,
      '00000000-0000-0000-0000-000000000000',
      'a UUID of yours: this one is nobody’s',
    );
    refuses(`standby.azure.${field}`, 'x', 'a UUID');
  });
});

function store(id: string): string {
  return `arn:aws:cloudfront::111122223333:key-value-store/${id}`;
}
