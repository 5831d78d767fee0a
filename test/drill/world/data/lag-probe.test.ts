import { lagProbeService } from '../../../../drill/world/data/lag-probe.ts';
import { networkOf } from '../../clouds/fixture.ts';

describe('the address that tells the lag of a replication', () => {
  const network = networkOf([lagProbeService('https://replica.example.com/lag', () => 5)]);
  const ask = (path: string, method = 'GET') =>
    network.send({ method, path, host: 'replica.example.com', query: {}, headers: {}, body: '' });

  it('answers it as JSON, at its path alone', async () => {
    expect(await ask('/lag')).toMatchObject({ status: 200, body: '{"lagSeconds":5}' });
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/lag', 'POST')).status).toBe(404);
  });
});
