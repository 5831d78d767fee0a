import { workloadOf } from '../../core/config/parse.ts';
import { config, problemsOf, START } from './fixture.ts';
import { bad, blind, goodFrom, unavailable } from './helpers.ts';
import { bench, diesAt, dueAt, FREE } from './watch-bench.ts';

/*
 * Goal: one message is one look at the workloads that it names, made when it is due, and counts once; a message that is late,
 * early, doubled or overtaken is no evidence, and is told and counted. What is wrong with one workload blinds no other.
 */

const shop = workloadOf(config, 'shop');
const vets = { ...shop, url: 'https://vets.example.com' };
const TWO = { ...config, workloads: { shop, vets } };
const good = () => goodFrom('primary');
const refused = (figures: readonly [string, number][]) =>
  figures.filter(([name]) => name === 'EvidenceRefused').length;

describe('watch: a look', () => {
  it('asks every place for the primary and for the site, and remembers what was seen', async () => {
    const at = bench(good);
    expect(await at.take(dueAt(0))).toEqual({ looks: 1 });
    expect(at.prober.asked.map(({ place, target }) => `${place} ${target.url}`)).toEqual([
      'tokyo https://alb.shop.example.com/owners',
      'tokyo https://shop.example.com/owners',
      'dublin https://alb.shop.example.com/owners',
      'dublin https://shop.example.com/owners',
    ]);
    expect(at.memories.memory).toMatchObject({
      lookDueAt: START,
      health: { rounds: [{ at: START, primary: { tokyo: true, dublin: true } }] },
      hour: { bad: 0, all: 4 },
    });
  });

  it('asks each place once for all workloads of the message', async () => {
    const at = bench(good, {}, TWO);
    expect(await at.take(dueAt(0, ['shop', 'vets']))).toEqual({ looks: 2 });
    expect(at.prober.reused).toHaveLength(2);
    expect(at.prober.asked.filter(({ place }) => place === 'dublin').map(({ target }) => target.url)).toEqual(
      [
        'https://alb.shop.example.com/owners',
        'https://shop.example.com/owners',
        'https://alb.shop.example.com/owners',
        'https://vets.example.com/owners',
      ],
    );
  });

  it('knows each workload’s answers apart', async () => {
    const at = bench((_, { url }) => (url.startsWith('https://vets') ? bad : goodFrom('primary')), {}, TWO);
    const written: Record<string, unknown> = {};
    at.memories.read = async () => ({ memory: null, version: 0 });
    at.memories.write = async (id, memory) => {
      written[id] = memory.hour;
      return true;
    };
    await at.take(dueAt(0, ['shop', 'vets']));
    // The edge of `vets` is bad from both places; its primary is that of `shop`.
    expect(written).toMatchObject({ shop: { bad: 0, all: 4 }, vets: { bad: 2, all: 4 } });
  });

  it('leaves out a workload that the configuration has no more', async () => {
    const at = bench(good);
    expect(await at.take(dueAt(0, ['gone', 'shop', 'constructor']))).toEqual({ looks: 1 });
    expect(await at.take(dueAt(1, ['gone']))).toEqual({ looks: 0 });
    expect(at.prober.asked).toHaveLength(4);
    expect(refused(at.metrics.figures)).toBe(0);
  });

  it('goes over kept connections, and over fresh ones once a minute', async () => {
    const at = bench(good);
    await at.minutes(2);
    const perLook = at.prober.reused.filter((_, index) => index % 2 === 0);
    expect(perLook.filter((reuse) => !reuse)).toHaveLength(2);
    expect(perLook.indexOf(false) + 6).toBe(perLook.lastIndexOf(false));
  });
});

describe('watch: the figures', () => {
  it('say at once, by workload, how many places see the primary fail', async () => {
    const at = bench((place, _, second) => (place === 'dublin' && second > 180 ? bad : goodFrom('primary')));
    await at.minutes(3);
    expect(new Set(at.metrics.levels.map(([, value]) => value))).toEqual(new Set([0]));
    await at.minutes(1);
    expect(at.metrics.levels.at(-1)).toEqual(['PlacesFailing', 1, { workload: 'shop' }]);
  });

  it('say nothing of failing before a good look was seen for minutes: the fault may be ours', async () => {
    const at = bench(() => bad);
    await at.minutes(1);
    expect(at.metrics.levels).toEqual([]);
  });

  it('say nothing where no place has a say, which would be told as none failing', async () => {
    const at = bench((_, __, second) => (second > 30 ? blind : goodFrom('primary')));
    await at.minutes(1);
    expect(at.metrics.levels.map(([, value]) => value)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['none', good, 0],
    ['one', (place: string) => (place === 'dublin' ? blind : goodFrom('primary')), 1],
    ['all', () => blind, 2],
  ])('count the places that said nothing at all: %s', async (_, sight, silent) => {
    const at = bench(sight);
    await at.take(dueAt(0));
    expect(at.metrics.figures).toContainEqual(['PlacesSilent', silent]);
  });

  it('do not call a place silent that said something about one workload', async () => {
    const at = bench((_, { url }) => (url.startsWith('https://vets') ? goodFrom('primary') : blind), {}, TWO);
    await at.take(dueAt(0, ['shop', 'vets']));
    expect(at.metrics.figures).toContainEqual(['PlacesSilent', 0]);
  });
});

describe('watch: a message that is no evidence', () => {
  it.each([
    ['eight seconds late', 8, true],
    ['later than that', 8.001, false],
    ['five seconds early', -5, true],
    ['earlier than that', -5.001, false],
  ])('that comes %s', async (_, lateSeconds, counts) => {
    const at = bench(good);
    await at.clock.sleep(10_000);
    expect(await at.take(dueAt(10 - lateSeconds))).toEqual({ looks: counts ? 1 : 0 });
    expect([at.prober.asked.length > 0, refused(at.metrics.figures)]).toEqual([counts, counts ? 0 : 1]);
  });

  it('is told in one line that says how late it was', async () => {
    const at = bench(good);
    await at.clock.sleep(60_000);
    await at.take(dueAt(0));
    expect(at.log.warnings).toEqual([
      {
        message: 'a look that is not due now is left out',
        facts: { dueAt: START, workloads: ['shop'], lateMs: 60_000 },
      },
    ]);
    expect(at.memories.version).toBe(0);
  });

  it('counts once where it is delivered twice', async () => {
    const at = bench(good);
    await at.take(dueAt(0));
    const once = at.memories.memory;
    await at.clock.sleep(2_000);
    await at.take(dueAt(0));
    expect(at.memories.memory).toEqual(once);
    expect(at.log.warnings.map(({ message, facts }) => [message, facts])).toEqual([
      ['a look that came twice, or was overtaken, is left out', { workload: 'shop', dueAt: START }],
    ]);
    expect(refused(at.metrics.figures)).toBe(1);
    expect(at.metrics.levels).toHaveLength(1);
  });

  it('does not count where a later look was there before it', async () => {
    const at = bench(good);
    await at.clock.sleep(10_000);
    await at.take(dueAt(10));
    await at.take(dueAt(5));
    expect(at.memories.memory?.health.rounds).toHaveLength(1);
    expect(refused(at.metrics.figures)).toBe(1);
  });

  it('does not make one bad moment an outage, however often it comes', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    await at.minutes(3);
    await at.take(dueAt(180));
    for (let again = 0; again < 5; again += 1) {
      await at.clock.sleep(1_500);
      await at.take(dueAt(180));
    }
    expect(
      at.memories.memory?.health.rounds.filter(({ at: moment }) => moment >= START + 180_000),
    ).toHaveLength(1);
    expect(at.asked).toEqual([]);
  });
});

describe('watch: what goes wrong', () => {
  it('is counted and told for one workload, and the others are looked at', async () => {
    const at = bench(good, {}, TWO);
    const read = at.memories.read.bind(at.memories);
    at.memories.read = async (id) => {
      if (id === 'shop') throw unavailable('DynamoDB GetItem');
      return read(id);
    };
    expect(await at.take(dueAt(0, ['shop', 'vets']))).toEqual({ looks: 2 });
    expect(at.metrics.figures.filter(([name]) => name === 'LookFailed')).toEqual([['LookFailed', 1]]);
    expect(at.log.warnings.map(({ facts }) => facts?.['workload'])).toEqual(['shop']);
    expect(at.memories.version).toBe(1);
  });

  it.each([
    ['no event of a queue', {}, 'Records: got nothing, expected array'],
    ['an event without a message', { Records: [] }, 'Records: got [], expected array to have >=1 items'],
    ['a message that is no JSON', { Records: [{ body: '{' }] }, '(the whole): got "{", expected object'],
    [
      'a message without its moment',
      { Records: [{ body: '{"workloads":["shop"]}' }] },
      'dueAt: got nothing, expected number',
    ],
    [
      'a message that names nobody',
      { Records: [{ body: '{"dueAt":1,"workloads":[]}' }] },
      'workloads: got [], expected array to have >=1 items',
    ],
  ])('is refused: %s', async (_, event, problem) => {
    const at = bench(good);
    expect(await problemsOf(at.take, event)).toEqual([problem]);
    expect(at.prober.asked).toEqual([]);
  });
});
