import type { Prober } from '../../core/ports.ts';
import { probeReplySchema, type ProbeTarget } from '../../core/watch/probe.ts';
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
/** The place's own clock, which is ten seconds late. */
const clock = { now: () => 1_772_445_590_000, sleep: () => new Promise<void>(() => undefined) };

function proberIn(place: string) {
  const asked: [string, ProbeTarget][] = [];
  const hows: unknown[] = [];
  const probe: Prober['probe'] = async (from, questions, how) => {
    hows.push(how);
    asked.push(...questions.map((question): [string, ProbeTarget] => [from, question]));
    return questions.map(() => goodFrom('primary'));
  };
  const prober: Prober = { places: [place], probe };
  return { step: makeProbe({ prober, clock }), asked, hows };
}

describe('probe', () => {
  it('asks its questions from its own place and hands the answers on as they are', async () => {
    const { step, asked } = proberIn('eu-west-1');
    const other = { ...target, url: 'https://alb.shop.example.com/owners' };
    const good = { observation: 'good', status: 200, origin: 'primary', detail: 'answered 200' };
    expect(await step({ asked: 7, targets: [target, other] }, call)).toMatchObject({ answers: [good, good] });
    expect(asked).toEqual([
      ['eu-west-1', target],
      ['eu-west-1', other],
    ]);
  });

  it('says the number of the question again, and what its own clock shows', async () => {
    const { step } = proberIn('eu-west-1');
    const reply = await step({ asked: 1_772_445_600_000, targets: [target] }, call);
    expect(reply).toMatchObject({ asked: 1_772_445_600_000, at: 1_772_445_590_000 });
    expect(probeReplySchema.safeParse(reply).success).toBe(true);
  });

  it.each([
    ['a connection of its own where nothing is said', {}, { reuse: false }],
    ['a connection of its own where that is asked for', { fresh: true }, { reuse: false }],
    ['an open connection where no fresh one is asked for', { fresh: false }, { reuse: true }],
  ])('takes %s', async (_, more, how) => {
    const { step, hows } = proberIn('eu-west-1');
    await step({ asked: 7, ...more, targets: [target] }, call);
    expect(hows).toEqual([how]);
  });

  it('answers no question without a number: its answer could be taken for another one’s', async () => {
    const { step, asked } = proberIn('eu-west-1');
    expect(await problemsOf(step, { targets: [target] })).toEqual(['asked: got nothing, expected number']);
    expect(asked).toEqual([]);
  });

  it.each([
    ['no question', []],
    ['more questions than it has time for', Array.from({ length: 51 }, () => target)],
  ])('refuses %s', async (_, targets) => {
    const { step, asked } = proberIn('eu-west-1');
    expect(await problemsOf(step, { asked: 7, targets })).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it.each([
    ['a scheme that is not of the web', { ...target, url: 'file:///etc/passwd' }, 'targets.0.url'],
    ['a subject that nobody knows', { ...target, about: 'metadata' }, 'targets.0.about'],
    ['a time limit of nothing', { ...target, timeoutMs: 0 }, 'targets.0.timeoutMs'],
    ['a field that it does not know', { ...target, method: 'POST' }, 'targets.0.method'],
  ])('asks nothing for %s', async (_, wrong, field) => {
    const { step, asked } = proberIn('eu-west-1');
    const problems = await problemsOf(step, { asked: 7, targets: [wrong] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${field}: got `));
    expect(asked).toEqual([]);
  });
});
