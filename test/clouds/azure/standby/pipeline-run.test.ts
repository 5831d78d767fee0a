import { rejection } from '../azure-fixture.ts';
import { CANCEL, RUN, TIMELINE, noTimeline, one, pipeline } from './pipeline-fixture.ts';

describe('reading a run', () => {
  it('answers state, result and stages', async () => {
    const { port } = pipeline({
      [RUN]: one({ status: 'completed', result: 'succeeded' }),
      [TIMELINE]: noTimeline,
    });
    expect(await port.read(752)).toMatchObject({
      id: 752,
      state: 'completed',
      result: 'succeeded',
      stages: [],
    });
  });
});

describe('cancelling a run', () => {
  it('asks for the cancellation of one that runs', async () => {
    const { port, sent, wire } = pipeline({ [RUN]: one({}), [CANCEL]: one({ status: 'cancelling' }) });
    await port.cancel(752);
    expect(wire()[1]).toBe('PATCH /contoso/Failover Site/_apis/build/builds/752?api-version=7.1');
    expect(sent[1]?.body).toEqual({ status: 'cancelling' });
  });

  it.each(['completed', 'cancelling'])('leaves one that is %s alone', async (status) => {
    const { port, wire } = pipeline({ [RUN]: one({ status }) });
    await port.cancel(752);
    expect(wire()).toHaveLength(1);
  });

  it('is content where the run ended between look and change', async () => {
    const { port, wire } = pipeline({
      [RUN]: [one({}), one({ status: 'completed', result: 'failed' })],
      [CANCEL]: { status: 400, body: { message: 'completed' } },
    });
    await port.cancel(752);
    expect(wire()).toHaveLength(3);
  });

  it('fails where the run goes on and the change is refused', async () => {
    const { port } = pipeline({ [RUN]: one({}), [CANCEL]: { status: 403, body: { message: 'no' } } });
    const error = await rejection(port.cancel(752));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('the permissions View builds and Stop builds');
  });
});
