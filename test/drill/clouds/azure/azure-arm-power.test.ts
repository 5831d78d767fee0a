import { makeLifecycle } from '../../../../clouds/azure/standby/lifecycle.ts';
import { ARM_RESOURCE, azureArmService } from '../../../../drill/clouds/azure/azure-arm.ts';
import {
  PowerStates,
  type AzureFailure,
  type PowerKind,
} from '../../../../drill/clouds/azure/azure-arm-power.ts';
import { accessToken, CLIENT, networkOf, START, useVirtualTime } from '../fixture.ts';
import { CLUSTER, FULL, GATEWAY, GROUP, SUBSCRIPTION } from './azure-arm-fixture.ts';

/*
 * Goal: the simulated Azure starts and stops as slowly as the real one, refuses what it refuses, and has its traps.
 * Method: the real adapter asks, and time is virtual.
 */

const DAY_MS = 86_400_000;
const SERVER = 'Microsoft.DBforMySQL/flexibleServers/db';
const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1_000);

interface Given {
  readonly stoppedAt?: number | null;
  readonly mayStartAndStop?: ReadonlySet<string>;
  readonly fails?: AzureFailure;
}

function world({ stoppedAt = START - DAY_MS, mayStartAndStop = new Set([CLIENT]), fails }: Given = {}) {
  const changes: string[] = [];
  const power = new PowerStates(
    {
      startSeconds: (kind) => ({ gateway: 360, cluster: 192, mysql: 90 })[kind],
      stopSeconds: () => 120,
      startFailure: (kind: PowerKind) =>
        kind === 'cluster' && fails !== undefined ? { seconds: 60, failure: fails } : null,
      onChange: (kind, word) => changes.push(`${kind} ${word}`),
    },
    stoppedAt,
  );
  const cluster = () => {
    const word = power.word('cluster');
    const changing = word === 'Starting' || word === 'Stopping';
    return {
      ...FULL.cluster!,
      provisioningState: changing ? word : power.isFailed('cluster') ? 'Failed' : 'Succeeded',
      powerState: changing ? ('Running' as const) : word,
    };
  };
  const mysql = () => {
    const word = power.word('mysql');
    return { ...FULL.mysql!, state: word === 'Running' ? ('Ready' as const) : word };
  };
  const network = networkOf([
    azureArmService([
      {
        ...{
          subscriptionId: SUBSCRIPTION,
          resourceGroup: GROUP,
          location: 'koreacentral',
          mayStartAndStop,
          power,
        },
        names: { gateway: 'agw', cluster: 'aks', mysql: 'db' },
        view: () => ({
          ...FULL,
          gateway: { ...FULL.gateway!, operationalState: power.word('gateway') },
          ...{ cluster: cluster(), mysql: mysql() },
        }),
        roleHolders: new Set([CLIENT]),
        backendHealthSeconds: 3,
      },
    ]),
  ]);
  const token = () => ({
    token: accessToken({ aud: ARM_RESOURCE }),
    expiresOnTimestamp: Date.now() + 3_600_000,
  });
  const standby = makeLifecycle({
    ...{ subscriptionId: SUBSCRIPTION, resourceGroup: GROUP },
    ...{ applicationGateway: 'agw', aksCluster: 'aks', mysqlServer: 'db' },
    credential: { getToken: () => Promise.resolve(token()) },
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    httpClient: network.azureHttpClient(),
  });
  const states = async () => {
    const { gateway, cluster: aks, database } = await standby.look();
    return [gateway.state, aks.state, database.state];
  };
  const send = async (method: 'GET' | 'PUT', resource: string) => {
    const path = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/${resource}`;
    const answer = await network.fetch()(`https://management.azure.com${path}?api-version=2025-05-01`, {
      method,
      headers: { authorization: `Bearer ${token().token}` },
    });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  return { standby, states, changes, send };
}

describe('a stopped standby in the simulated Azure', () => {
  useVirtualTime();

  it('starts each of its parts in its own time', async () => {
    const { standby, states } = world();
    expect(await states()).toEqual(['stopped', 'stopped', 'stopped']);
    for (const resource of ['gateway', 'cluster', 'database'] as const) {
      expect(await standby.start(resource)).toMatchObject({ accepted: true });
    }
    await pass(1);
    expect(await states()).toEqual(['starting', 'starting', 'starting']);
    await pass(100);
    expect(await states()).toEqual(['starting', 'starting', 'running']);
    await pass(100);
    expect(await states()).toEqual(['starting', 'running', 'running']);
    await pass(200);
    expect(await states()).toEqual(['running', 'running', 'running']);
  });

  it('is asked twice without harm, and refuses the opposite while it changes', async () => {
    const { standby, states } = world();
    await standby.start('cluster');
    expect(await standby.start('cluster')).toEqual({ accepted: true, operation: null });
    expect(await standby.stop('cluster')).toMatchObject({ accepted: false, final: false });
    await pass(200);
    expect(await standby.stop('cluster')).toMatchObject({ accepted: true });
    expect(await states()).toEqual(['stopped', 'stopping', 'stopped']);
    await pass(130);
    expect(await states()).toEqual(['stopped', 'stopped', 'stopped']);
  });

  it('is refused to whoever lacks the two actions, by their name', async () => {
    const { standby } = world({ mayStartAndStop: new Set() });
    const asked = await standby.start('database');
    expect(asked).toMatchObject({ accepted: false, final: true });
    expect(JSON.stringify(asked)).toContain('Microsoft.DBforMySQL/flexibleServers/start/action');
  });

  it('may find no machines on the day, which only its operation tells', async () => {
    const { standby, states } = world({ fails: { code: 'AllocationFailed', message: 'no machines' } });
    const asked = await standby.start('cluster');
    await pass(30);
    const operation = asked.accepted ? (asked.operation ?? '') : '';
    expect(await standby.operation('cluster', operation)).toEqual({ kind: 'going' });
    await pass(40);
    expect(await states()).toEqual(['stopped', 'stopped', 'stopped']);
    expect(await standby.operation('cluster', operation)).toEqual({
      kind: 'failed',
      detail: 'AllocationFailed: no machines',
      final: true,
    });
  });

  it('has a gateway that starts when anything is written to it', async () => {
    const { send, states } = world();
    expect((await send('PUT', GATEWAY)).status).toBe(200);
    expect(await states()).toEqual(['starting', 'stopped', 'stopped']);
  });

  it('has a server that answers nothing of its management but that it is stopped', async () => {
    const { send, standby } = world();
    expect((await send('GET', SERVER)).status).toBe(200);
    expect(await send('GET', `${SERVER}/configurations`)).toMatchObject({
      status: 409,
      body: { error: { code: 'ServerUnavailableForOperation' } },
    });
    await standby.start('database');
    await pass(91);
    expect((await send('GET', `${SERVER}/configurations`)).status).toBe(200);
  });

  it('has a server that starts by itself after 30 days, and a day before does not', async () => {
    const { states } = world({ stoppedAt: START - 29 * DAY_MS });
    await pass(86_390);
    expect(await states()).toEqual(['stopped', 'stopped', 'stopped']);
    await pass(120);
    expect(await states()).toEqual(['stopped', 'stopped', 'running']);
  });

  it('knows no cluster of another name', async () => {
    const { send } = world();
    expect((await send('GET', CLUSTER.replace(/aks$/, 'other'))).status).toBe(404);
  });
});
