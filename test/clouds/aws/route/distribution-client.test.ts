import { makeDistributionClient } from '../../../../clouds/aws/route/distribution-client.ts';
import { CloudAnswerUnreadable, CloudUnavailable } from '../../../../core/errors.ts';
import { configXml } from '../../../drill/clouds/aws/distribution-fixture.ts';
import { type Answer, awsAnswering, rejectionOf, systemError } from '../helpers.ts';

const config: Answer = { status: 200, headers: { etag: 'E1VERSION' }, body: configXml() };
const clientAnswering = (...answers: Answer[]) => makeDistributionClient(awsAnswering(...answers).access);

describe('the control plane of CloudFront', () => {
  it('reads a body that comes as a stream, as it does from the network', async () => {
    const { version, document } = await clientAnswering(config).readConfig('E1');
    expect(version).toBe('E1VERSION');
    expect(document.retarget([])).toBe(configXml());
  });

  it('keeps the bodies of two reads at the same time apart', async () => {
    const other: Answer = { status: 200, headers: { etag: 'E2' }, body: configXml({ main: 'standby' }) };
    const client = clientAnswering(config, other);
    const [first, second] = await Promise.all([client.readConfig('E1'), client.readConfig('E2')]);
    expect(first.document.view.behaviours[0]?.originId).toBe('primary');
    expect(second.document.view.behaviours[0]?.originId).toBe('standby');
  });

  it('asks the one control plane that CloudFront has, in us-east-1, wherever the controller runs', async () => {
    const { access, sent } = awsAnswering(config);
    await makeDistributionClient(access).readConfig('E1');
    expect(sent[0]?.hostname).toBe('cloudfront.amazonaws.com');
    expect(sent[0]?.headers['authorization']).toContain('/us-east-1/cloudfront/aws4_request');
  });

  it.each<[string, Answer]>([
    ['no version', { status: 200, body: configXml() }],
    ['no XML', { status: 200, headers: { etag: 'E1' }, body: 'all is well' }],
    ['a document cut short', { status: 200, headers: { etag: 'E1' }, body: configXml().slice(0, 400) }],
    ['nothing', { status: 200, headers: { etag: 'E1' }, body: '' }],
  ])('calls an answer with %s unreadable', async (_what, answer) => {
    expect(await rejectionOf(clientAnswering(answer).readConfig('E1'))).toBeInstanceOf(CloudAnswerUnreadable);
  });

  it('calls a body unreadable that could not go back byte for byte', async () => {
    const bytes = Buffer.concat([
      Buffer.from(configXml()),
      Buffer.from([0x3c, 0x21, 0x2d, 0x2d, 0xff, 0x2d, 0x2d, 0x3e]),
    ]);
    const { access } = awsAnswering();
    const response = { statusCode: 200, headers: { etag: 'E1' }, body: bytes };
    const client = makeDistributionClient({ ...access, transport: { handle: async () => ({ response }) } });
    expect((await rejectionOf(client.readConfig('E1'))) as Error).toMatchObject({
      name: 'CloudAnswerUnreadable',
      problems: ['the body is not UTF-8'],
    });
  });

  it('does not take an empty 200 for a yes', async () => {
    const client = clientAnswering({ status: 200, body: '' });
    expect(await rejectionOf(client.update('E1', 'E1VERSION', configXml()))).toBeInstanceOf(
      CloudAnswerUnreadable,
    );
    const other = clientAnswering({ status: 201, body: '' });
    expect(await rejectionOf(other.invalidateAll('E1', 'run-1'))).toBeInstanceOf(CloudAnswerUnreadable);
  });

  it('calls a network that does not answer unavailable', async () => {
    const silence = Array.from({ length: 5 }, () => systemError('ENOTFOUND'));
    const client = clientAnswering(...silence);
    expect(await rejectionOf(client.readDistribution('E1'))).toBeInstanceOf(CloudUnavailable);
  });
});
