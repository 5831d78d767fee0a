import { rejection } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';
import { CLUSTER, cluster, notFound, standby } from './standby-fixture.ts';

describe('checking the cluster', () => {
  const check = async (answer: Answer) => (await standby({ [CLUSTER]: answer }).port.check()).cluster;

  it.each<[string, Record<string, unknown>]>([
    ["cluster's provisioning is Creating, expected Succeeded", { provisioningState: 'Creating' }],
    [
      'cluster is Stopped, expected Running',
      { provisioningState: 'Succeeded', powerState: { code: 'Stopped' } },
    ],
    ['cluster is of an unknown power state, expected Running', { provisioningState: 'Succeeded' }],
    [
      'node pool work is Scaling, expected Succeeded',
      {
        provisioningState: 'Succeeded',
        powerState: { code: 'Running' },
        agentPoolProfiles: [
          { name: 'system', provisioningState: 'Succeeded' },
          { name: 'work', provisioningState: 'Scaling' },
        ],
      },
    ],
  ])('says: %s', async (detail, properties) => {
    expect(await check(cluster(properties))).toEqual({ good: false, detail });
  });

  it.each<[string, string, string]>([
    ['node pool work is Scaling, expected Succeeded', 'Succeeded', 'Scaling'],
    ['node pool work is Updating, expected Succeeded', 'Updating', 'Updating'],
    ["cluster's provisioning is Updating, expected Succeeded", 'Updating', 'Succeeded'],
  ])(
    'says, where it is enough that it serves, that it grows: %s',
    async (detail, provisioningState, pool) => {
      const properties = {
        provisioningState,
        powerState: { code: 'Running' },
        agentPoolProfiles: [{ name: 'work', provisioningState: pool }],
      };
      const { port } = standby({ [CLUSTER]: cluster(properties) });
      expect((await port.check('serving')).cluster).toEqual({ good: true, detail, growing: detail });
      expect((await port.check('whole')).cluster.good).toBe(false);
    },
  );

  it.each<[string, Record<string, unknown>]>([
    ["cluster's provisioning is Failed, expected Succeeded", { provisioningState: 'Failed' }],
    [
      'cluster is Stopped, expected Running',
      { provisioningState: 'Updating', powerState: { code: 'Stopped' } },
    ],
    [
      'node pool work is Failed, expected Succeeded',
      {
        provisioningState: 'Succeeded',
        powerState: { code: 'Running' },
        agentPoolProfiles: [{ name: 'work', provisioningState: 'Failed' }],
      },
    ],
  ])('does not take for growing: %s', async (detail, properties) => {
    const { port } = standby({ [CLUSTER]: cluster(properties) });
    expect((await port.check('serving')).cluster).toEqual({ good: false, detail });
  });

  it('does not wait for node pools that are not the one that is scaled', async () => {
    const agentPoolProfiles = [
      { name: 'batch', provisioningState: 'Scaling' },
      { name: 'work', provisioningState: 'Succeeded' },
    ];
    const answer = await check(
      cluster({ provisioningState: 'Succeeded', powerState: { code: 'Running' }, agentPoolProfiles }),
    );
    expect(answer.good).toBe(true);
  });

  it('says that it does not exist yet, also where its group does not', async () => {
    const missing = { good: false, detail: 'AKS cluster aks does not exist yet' };
    expect(await check(notFound)).toEqual(missing);
    expect(
      await check({ status: 404, body: { error: { code: 'ResourceGroupNotFound', message: 'no' } } }),
    ).toEqual(missing);
  });

  it.each<[string, Answer]>([
    ['without properties', { status: 200, body: { name: 'aks' } }],
    ['that is empty', { status: 200 }],
    ['that is no JSON', { status: 200, body: '<html>' }],
  ])('calls an answer %s unreadable', async (_name, answer) => {
    const error = await rejection(standby({ [CLUSTER]: answer }).port.check());
    expect(error.name).toBe('CloudAnswerUnreadable');
  });
});
