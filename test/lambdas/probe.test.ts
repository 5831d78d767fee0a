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
  const probe: Prober['probe'] = async (from, questions) => {
    asked.push(...questions.map((question): [string, ProbeTarget] => [from, question]));
    return questions.map(() => goodFrom('primary'));
  };
  return { prober: { places: [place], probe }, asked };
}

describe('probe', () => {
  it('asks its questions from its own place and hands the answers on as they are', async () => {
    const { prober, asked } = proberIn('eu-west-1');
    const other = { ...target, url: 'https://alb.shop.example.com/owners' };
    const good = { observation: 'good', status: 200, origin: 'primary', detail: 'answered 200' };
    expect(await makeProbe({ prober })({ targets: [target, other] }, call)).toEqual([good, good]);
    expect(asked).toEqual([
      ['eu-west-1', target],
      ['eu-west-1', other],
    ]);
  });

  it.each([
    ['no question', []],
    ['more questions than it has time for', Array.from({ length: 51 }, () => target)],
  ])('refuses %s', async (_, targets) => {
    const { prober, asked } = proberIn('eu-west-1');
    expect(await problemsOf(makeProbe({ prober }), { targets })).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it.each([
    ['a scheme that is not of the web', { ...target, url: 'file:///etc/passwd' }, 'targets.0.url'],
    ['a subject that nobody knows', { ...target, about: 'metadata' }, 'targets.0.about'],
    ['a time limit of nothing', { ...target, timeoutMs: 0 }, 'targets.0.timeoutMs'],
    ['a field that it does not know', { ...target, method: 'POST' }, 'targets.0.method'],
  ])('asks nothing for %s', async (_, wrong, field) => {
    const { prober, asked } = proberIn('eu-west-1');
    const problems = await problemsOf(makeProbe({ prober }), { targets: [wrong] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${field}: got `));
    expect(asked).toEqual([]);
  });
});
