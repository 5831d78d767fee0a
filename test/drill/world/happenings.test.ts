import { SeededRandom } from '../../../drill/random.ts';
import type { Happening } from '../../../drill/scenario.ts';
import { Happenings } from '../../../drill/world/happenings.ts';
import { Places } from '../../../drill/world/places.ts';
import { START, useVirtualTime } from '../clouds/fixture.ts';
import { pass, siteOf } from './fixture.ts';

const FAULT_AT = START + 60_000;

function schedule(...list: Happening[]) {
  const { site, journal, events } = siteOf();
  const others = [siteOf().site];
  const happenings = new Happenings({
    site,
    others,
    journal,
    random: new SeededRandom(1),
    region: 'ap-northeast-2',
    list,
  });
  const started: unknown[] = [];
  const hands: string[] = [];
  const places = new Places({
    regions: [],
    webOf: () => [],
    random: new SeededRandom(2),
    noise: null,
    onUnexpected: () => undefined,
  });
  happenings.schedule(FAULT_AT, {
    places,
    startRun: (input) => started.push(input),
    abortRun: () => void hands.push('abort'),
    loseEvents: () => void hands.push('lose events'),
    giveOrder: ({ order, by }) => void hands.push(`${by} orders ${order}`),
    loseEnds: () => void hands.push('lose ends'),
    releaseBrake: () => void hands.push('release brake'),
    killWatch: () => void hands.push('kill watch'),
    measureSpread: () => void hands.push('measure spread'),
    ringOwnAlarm: (name) => void hands.push(`ring ${name}`),
  });
  return { site, others, happenings, started, hands, places, cutOff: places.cutOff, events };
}

describe('Happenings', () => {
  useVirtualTime();

  it('come true at their moments after the fault, not before', async () => {
    const { site, happenings, events } = schedule(
      { what: 'region-dies', at: 10 },
      { what: 'region-returns', at: 30 },
    );
    await pass(69.9);
    expect({ dead: happenings.regionDead, primary: site.primary.condition }).toEqual({
      dead: false,
      primary: 'up',
    });
    await pass(0.1);
    expect({ dead: happenings.regionDead, primary: site.primary.condition }).toEqual({
      dead: true,
      primary: 'silent',
    });
    await pass(20);
    expect({ dead: happenings.regionDead, primary: site.primary.condition }).toEqual({
      dead: false,
      primary: 'up',
    });
    expect(events()).toEqual([
      'world: ap-northeast-2 stops answering',
      'world: ap-northeast-2 answers again',
    ]);
  });

  it('let all sites of a Region die and come back with it', async () => {
    const { others } = schedule({ what: 'region-dies', at: 0 }, { what: 'region-returns', at: 30 });
    await pass(60);
    expect(others.map(({ primary }) => primary.condition)).toEqual(['silent']);
    await pass(30);
    expect(others.map(({ primary }) => primary.condition)).toEqual(['up']);
  });

  it.each<[Happening, string[], string[]]>([
    [{ what: 'events-lost', at: 0 }, ['lose events'], ['world: EventBridge delivers no alarm any more']],
    [{ what: 'order', at: 0, order: 'pause', by: 'mina' }, ['mina orders pause'], []],
    [
      { what: 'ends-unheard', at: 0 },
      ['lose ends'],
      ['world: EventBridge delivers no end of an execution any more'],
    ],
    [{ what: 'brake-released', at: 0 }, ['release brake'], ['people: a person releases the brake']],
    [
      { what: 'watch-dies', at: 0 },
      ['kill watch'],
      ['world: the functions of the watch do not start any more'],
    ],
    [{ what: 'own-alarm-rings', at: 0, name: 'site-down' }, ['ring site-down'], []],
    [
      { what: 'execution-aborted', at: 0 },
      ['abort'],
      ['people: a person stops the execution in the console'],
    ],
  ])('lay hands on what is around the site: %j', async (happening, done, told) => {
    const { hands, events } = schedule(happening);
    await pass(59);
    expect(hands).toEqual([]);
    await pass(1);
    expect([hands, events()]).toEqual([done, told]);
  });

  it('let the probe function of a place fall silent, and leave its network alone', async () => {
    const { places } = schedule({ what: 'place-falls-silent', at: 0, place: 'us-west-2' });
    await pass(60);
    expect([[...places.silent], [...places.cutOff]]).toEqual([['us-west-2'], []]);
  });

  it.each<[Happening, string, string]>([
    [
      { what: 'shipper-dies', at: -30 },
      'world: nothing ships the binary log any more',
      '2026-03-02T00:00:26.000Z',
    ],
    [
      { what: 'backup-disk-full', at: -30 },
      'world: the disk of the backup instance is full',
      '2026-03-02T00:00:26.000Z',
    ],
    [
      { what: 'database-dies', at: 0 },
      'world: the database of the primary dies behind a living application',
      '2026-03-02T00:00:56.000Z',
    ],
  ])('end what is shipped: %j', async (happening, told, wholeUntil) => {
    const { site, events } = schedule(happening);
    await pass(120);
    expect(events()).toEqual([told]);
    const { beats } = site.data.truth();
    expect(beats.at(-1)?.wholeUntil).toBe(Date.parse(wholeUntil));
  });

  it('let the database fail over, and its log be thrown away, before the fault', async () => {
    const { site, events } = schedule(
      { what: 'database-fails-over', at: -40 },
      { what: 'shipper-dies', at: -30 },
      { what: 'log-purged', at: -20 },
      { what: 'shipper-starts', at: -10 },
    );
    await pass(60);
    expect(events()).toEqual([
      'world: another server of the same Region takes over the database',
      'world: nothing ships the binary log any more',
      'world: the database throws away its older binary log',
      'world: the shipper runs again',
    ]);
    await pass(120);
    const newest = site.data.truth().dumps.at(-1)?.at ?? 0;
    expect(new Date(newest).toISOString()).toBe('2026-03-02T00:00:50.000Z');
  });

  it('know when the last of them is', () => {
    const { happenings } = schedule({ what: 'region-returns', at: 480 }, { what: 'region-dies', at: 0 });
    expect(happenings.lastAt).toBe(480);
  });

  it('let errors of the load balancer come and go', async () => {
    const { happenings } = schedule({ what: 'load-balancer-errors', at: 0, seconds: 240, count: 40 });
    expect(happenings.strayErrors).toBe(0);
    await pass(60);
    expect(happenings.strayErrors).toBe(40);
    await pass(240);
    expect(happenings.strayErrors).toBe(0);
  });

  it('make a side fail a share of its requests', async () => {
    const { site, events } = schedule(
      { what: 'primary-limps', at: 0, share: 0.9 },
      { what: 'standby-limps', at: 0, share: 0.25 },
    );
    await pass(60);
    expect(site.primary.isWell).toBe(false);
    expect(site.standby.isWell).toBe(false);
    const statuses = Array.from(
      { length: 1_000 },
      () => site.standby.answer({ method: 'GET', path: '/', write: null })?.status,
    );
    const failed = statuses.filter((status) => status === 500).length;
    expect(Math.abs(failed - 250)).toBeLessThan(60);
    expect(events()).toEqual([
      'world: the primary fails 90 % of all requests',
      'world: the standby fails 25 % of all requests',
    ]);
  });

  /** What the primary answers a reader, a health check of a load balancer, and a writer. */
  const answersOf = ({ primary }: ReturnType<typeof siteOf>['site']) =>
    [
      { method: 'GET', path: '/', write: null },
      { method: 'GET', path: '/actuator/health', write: null },
      { method: 'POST', path: '/owners/new', write: { id: 1, at: 0 } },
    ].map((request) => primary.answer(request)?.status ?? null);

  it.each([
    ['database-dies', [500, 200, 500]],
    ['primary-fails-writes', [200, 200, 500]],
    ['primary-slows', [null, null, null]],
  ] as const)('break the primary in a way of its own, until it heals: %s', async (what, statuses) => {
    const { site } = schedule({ what, at: 0 }, { what: 'primary-heals', at: 30 });
    expect(answersOf(site)).toEqual([200, 200, 200]);
    await pass(60);
    expect(answersOf(site)).toEqual(statuses);
    expect(site.primary.isWell).toBe(false);
    await pass(30);
    expect(answersOf(site)).toEqual([200, 200, 200]);
    expect(site.primary.isWell).toBe(true);
  });

  it('bring the database back', async () => {
    const { site } = schedule({ what: 'database-dies', at: 0 }, { what: 'database-returns', at: 30 });
    await pass(90);
    expect(answersOf(site)).toEqual([200, 200, 200]);
  });

  it.each([
    [0.1, true],
    [0.11, false],
  ])('leave a primary that fails %s of its requests well: %s', async (share, isWell) => {
    const { site } = schedule({ what: 'primary-limps', at: 0, share });
    await pass(60);
    expect(site.primary.isWell).toBe(isWell);
  });

  it('cut edge locations off, and no other', async () => {
    const { site, events } = schedule({ what: 'locations-cut-off', at: 0, locations: ['ICN-1', 'ICN-2'] });
    await pass(60);
    const request = { method: 'GET', path: '/', ip: '192.0.2.1', headers: {}, write: null };
    expect(await site.edge.serve('ICN-1', request)).toEqual({
      status: 503,
      headers: {},
      body: '',
      sentTo: null,
    });
    expect([...site.edge.cutOff]).toEqual(['ICN-1', 'ICN-2']);
    expect(events()).toEqual(['world: ICN-1, ICN-2 answer nobody any more']);
  });

  it('cut a probe place off, take the page away, and let a person start a run', async () => {
    const input = { workload: 'petclinic', reason: 'down', requestedBy: 'a person' };
    const { started, cutOff, events } = schedule(
      { what: 'place-cut-off', at: 0, place: 'ap-southeast-1' },
      { what: 'maintenance-dies', at: 0 },
      { what: 'manual-start', at: 0, input },
    );
    await pass(60);
    expect([...cutOff]).toEqual(['ap-southeast-1']);
    expect(started).toEqual([input]);
    expect(events()).toContain('world: the maintenance page is gone');
  });

  it('leave alone what follows something else than the clock', async () => {
    const { events, site } = schedule(
      { what: 'standby-dies-after-switch', at: 0 },
      { what: 'alarm-repeats', at: 0, alarm: 'x' },
      { what: 'distribution-touched', at: 0 },
    );
    await pass(120);
    expect(events()).toEqual([]);
    expect(site.standby.condition).toBe('up');
  });
});
