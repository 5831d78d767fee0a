import type { Prober } from '../../core/ports.ts';
import type { ProbeTarget } from '../../core/watch/probe.ts';
import { makeProbe } from '../../lambdas/probe/probe.ts';
import { problemsOf } from './fixture.ts';
import { goodFrom } from './helpers.ts';

const target: ProbeTarget = {
  about: 'edge',
  url: 'https://shop.example.com/owners',
  status: 200,
  contains: 'Owners',
  timeoutMs: 3000,
};
const call = { remainingMs: (): number => 15_000 };

function proberIn(place: string): { prober: Prober; asked: [string, ProbeTarget][] } {
  const asked: [string, ProbeTarget][] = [];
  const probe: Prober['probe'] = async (from, question) => {
    asked.push([from, question]);
    return goodFrom('primary');
  };
  return { prober: { places: [place], probe }, asked };
}

describe('probe', () => {
  it('asks the one question from its own place and hands the answer on as it is', async () => {
    const { prober, asked } = proberIn('eu-west-1');
    expect(await makeProbe({ prober })({ target }, call)).toEqual({
      observation: 'good',
      status: 200,
      origin: 'primary',
      detail: 'answered 200',
    });
    expect(asked).toEqual([['eu-west-1', target]]);
  });

  it.each([
    ['a scheme that is not of the web', { ...target, url: 'file:///etc/passwd' }, 'target.url'],
    ['a subject that nobody knows', { ...target, about: 'metadata' }, 'target.about'],
    ['a time limit of nothing', { ...target, timeoutMs: 0 }, 'target.timeoutMs'],
    ['a field that it does not know', { ...target, method: 'POST' }, 'target.method'],
  ])('asks nothing for %s', async (_, wrong, field) => {
    const { prober, asked } = proberIn('eu-west-1');
    const problems = await problemsOf(makeProbe({ prober }), { target: wrong });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${field}: got `));
    expect(asked).toEqual([]);
  });
});
