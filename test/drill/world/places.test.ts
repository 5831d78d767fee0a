import type { Service } from '../../../drill/clouds/wire/wire.ts';
import { SeededRandom } from '../../../drill/random.ts';
import { Places } from '../../../drill/world/places.ts';
import { useVirtualTime } from '../clouds/fixture.ts';
import { pass } from './fixture.ts';

const REGIONS = ['ap-northeast-1', 'eu-central-1'];
const target = {
  about: 'edge',
  url: 'https://site.example.com/owners',
  status: 200,
  contains: 'Owners',
  timeoutMs: 3000,
};

/** A web that says in its page from which Region it was asked. */
const webOf = (region: string): Service => ({
  name: 'web',
  handles: ({ host }) => host === 'site.example.com',
  answer: () => ({
    status: 200,
    body: `Owners, seen from ${region}`,
    headers: { 'x-pilotlight-origin': 'primary' },
  }),
});

function world() {
  const unexpected: string[] = [];
  const asked: string[] = [];
  const places = new Places({
    regions: REGIONS,
    webOf: (region) => {
      asked.push(region);
      return [webOf(region)];
    },
    random: new SeededRandom(1),
    noise: null,
    onUnexpected: (call) => unexpected.push(call),
  });
  const probe = async (region: string, more: object = {}): Promise<unknown> => {
    const question = { asked: 7, targets: [{ ...target, ...more }] };
    const answer = places.invoke(region, 'pilotlight-probe', question);
    await pass(10);
    return answer;
  };
  return { places, probe, unexpected, asked };
}

describe('Places', () => {
  useVirtualTime();

  it('runs the deployed probe in each Region, over the web as it is there', async () => {
    const { probe, asked } = world();
    expect(asked).toEqual(REGIONS);
    const good = { observation: 'good', status: 200, origin: 'primary', detail: 'answered 200' };
    const at = expect.any(Number) as number;
    const reply = (answer: object) => ({ result: { asked: 7, at, answers: [answer] } });
    expect(await probe('ap-northeast-1')).toEqual(reply(good));
    const other = { ...good, observation: 'bad', detail: 'answered 200 without "eu-central-1"' };
    expect(await probe('ap-northeast-1', { contains: 'eu-central-1' })).toEqual(reply(other));
    expect(await probe('eu-central-1', { contains: 'eu-central-1' })).toEqual(reply(good));
  });

  it('takes the way to the web from one place alone, and gives it back', async () => {
    const { places, probe } = world();
    places.cutOff.add('ap-northeast-1');
    expect(await probe('ap-northeast-1')).toMatchObject({
      result: { answers: [{ observation: 'bad', status: null }] },
    });
    expect(await probe('eu-central-1')).toMatchObject({ result: { answers: [{ observation: 'good' }] } });
    places.cutOff.clear();
    expect(await probe('ap-northeast-1')).toMatchObject({ result: { answers: [{ observation: 'good' }] } });
  });

  it('gets nothing from a function that does not start, while the others answer', async () => {
    const { places, probe } = world();
    places.silent.add('ap-northeast-1');
    expect(await probe('ap-northeast-1')).toMatchObject({
      error: { message: 'the function does not start' },
    });
    expect(await probe('eu-central-1')).toMatchObject({ result: { answers: [{ observation: 'good' }] } });
  });

  it('has no function of another name, and none in another Region', () => {
    const { places } = world();
    expect(places.invoke('ap-northeast-1', 'pilotlight-record', {})).toBeNull();
    expect(places.invoke('us-west-2', 'pilotlight-probe', { asked: 7, targets: [target] })).toBeNull();
  });

  it('hands the error of a function on, as Lambda does', async () => {
    const { places } = world();
    expect(await places.invoke('eu-central-1', 'pilotlight-probe', { aim: 'wrong' })).toMatchObject({
      error: { name: 'InvalidInput' },
    });
  });

  it('tells of a call that leads out of the simulated web', async () => {
    const { probe, unexpected } = world();
    await probe('eu-central-1', { url: 'https://elsewhere.example.com/' });
    expect(unexpected).toEqual(['eu-central-1: elsewhere.example.com']);
  });
});
