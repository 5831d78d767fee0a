import fc from 'fast-check';
import {
  behaviourName,
  deploymentPollMs,
  isServing,
  isUnfinished,
  planMove,
  servedRoute,
  type Behaviour,
  type DistributionState,
  type DistributionView,
  type MovePlan,
  type RouteRecord,
} from '../../../core/route/distribution.ts';
import { decideMove, type OriginId, type Route } from '../../../core/route/route.ts';

const managed = { primary: 'alb', standby: 'azure', maintenance: 'blob' };
const NOW = '2026-11-23T02:00:00.000Z';

/** A distribution by its targets; the first is the default behaviour's. */
const viewOf = (main: string, ordered: Readonly<Record<string, string>> = {}): DistributionView => ({
  originIds: ['alb', 'azure', 'blob', 's3'],
  originGroups: [],
  behaviours: [
    { pathPattern: null, originId: main },
    ...Object.entries(ordered).map(([pathPattern, originId]) => ({ pathPattern, originId })),
  ],
});

const route = (origin: OriginId, more: Partial<Route> = {}): Route => ({
  v: 1,
  origin,
  epoch: 4,
  fence: 3,
  by: 'run-3',
  at: '2026-11-23T00:00:00.000Z',
  ...more,
});

const stateOf = (view: DistributionView, record: RouteRecord | null = null): DistributionState => ({
  view,
  managed,
  record,
});

function planned(state: DistributionState, to: OriginId): Extract<MovePlan, { kind: 'planned' }> {
  const plan = planMove(state, to);
  if (plan.kind === 'refused') throw new Error(plan.problems.join('\n'));
  return plan;
}

const problemsOf = (state: DistributionState, to: OriginId): readonly string[] => {
  const plan = planMove(state, to);
  return plan.kind === 'refused' ? plan.problems : [];
};

/** The distribution after a plan was carried out, and what the ledger then holds. */
function carryOut(state: DistributionState, to: OriginId, settled = true): DistributionState {
  const { changes, home } = planned(state, to);
  const behaviours = state.view.behaviours.map((behaviour) => {
    const change = changes.find(({ pathPattern }) => pathPattern === behaviour.pathPattern);
    return change === undefined ? behaviour : { ...behaviour, originId: change.to };
  });
  const epoch = (state.record?.route.epoch ?? 0) + 1;
  return {
    ...state,
    view: { ...state.view, behaviours },
    record: { route: route(to, { epoch }), home, settled },
  };
}

describe('planning a move', () => {
  it('moves the default behaviour and every ordered one, and names where each came from', () => {
    const { changes } = planned(
      stateOf(viewOf('alb', { '/api/*': 'alb', '/legacy/*': 'azure' })),
      'maintenance',
    );
    expect(changes).toEqual([
      { pathPattern: null, from: 'alb', to: 'blob' },
      { pathPattern: '/api/*', from: 'alb', to: 'blob' },
      { pathPattern: '/legacy/*', from: 'azure', to: 'blob' },
    ]);
  });

  it('leaves foreign origins and probe behaviours alone, with and without the first slash', () => {
    const ordered = {
      '/static/*': 's3',
      '/__pilotlight/primary/*': 'alb',
      '__pilotlight/standby/*': 'azure',
    };
    const { changes } = planned(stateOf(viewOf('alb', ordered)), 'standby');
    expect(changes).toEqual([{ pathPattern: null, from: 'alb', to: 'azure' }]);
  });

  it('moves a behaviour that only looks like one of a probe', () => {
    const { changes } = planned(
      stateOf(viewOf('s3', { '/x/__pilotlight/*': 'alb', '/__pilotlighter/*': 'alb' })),
      'standby',
    );
    expect(changes.map(({ pathPattern }) => pathPattern)).toEqual(['/x/__pilotlight/*', '/__pilotlighter/*']);
  });

  it('changes nothing where everything is there already', () => {
    expect(planned(stateOf(viewOf('azure', { '/static/*': 's3' })), 'standby').changes).toEqual([]);
    expect(planned(stateOf(viewOf('alb', { '/legacy/*': 'azure' })), 'primary').changes).toEqual([]);
  });

  it('gives each behaviour back what it targeted at home, after the shield and the standby', () => {
    const home = stateOf(viewOf('alb', { '/legacy/*': 'azure', '/status/*': 'blob', '/static/*': 's3' }));
    const away = carryOut(carryOut(home, 'maintenance'), 'standby');
    expect(away.view).toEqual(
      viewOf('azure', { '/legacy/*': 'azure', '/status/*': 'azure', '/static/*': 's3' }),
    );
    expect(carryOut(away, 'primary').view).toEqual(home.view);
  });

  it('writes the way home down anew when its owner rearranged the distribution at home', () => {
    const before = carryOut(carryOut(stateOf(viewOf('alb', { '/legacy/*': 'azure' })), 'standby'), 'primary');
    const rearranged = { ...before, view: viewOf('alb', { '/legacy/*': 'alb', '/new/*': 'blob' }) };
    expect(carryOut(carryOut(rearranged, 'standby'), 'primary').view).toEqual(rearranged.view);
  });

  it('keeps the way home when a move home was claimed and never seen, and another failover begins', () => {
    const home = stateOf(viewOf('alb', { '/legacy/*': 'azure' }));
    const away = carryOut(home, 'standby');
    const stopped = { ...away, record: { ...away.record!, route: route('primary'), settled: false } };
    expect(carryOut(carryOut(stopped, 'maintenance'), 'primary').view).toEqual(home.view);
  });

  it('brings behaviours home that were added while the route was away, and names them', () => {
    const away = carryOut(stateOf(viewOf('alb', { '/api/*': 'alb' })), 'standby');
    const changed = { ...away, view: viewOf('azure', { '/api/*': 'azure', '/new/*': 'azure' }) };
    const { changes, added, gone } = planned(changed, 'primary');
    expect(changes.map(({ pathPattern, to }) => [pathPattern, to])).toEqual([
      [null, 'alb'],
      ['/api/*', 'alb'],
      ['/new/*', 'alb'],
    ]);
    expect([added, gone]).toEqual([['/new/*'], []]);
  });

  it('names behaviours that were removed or taken to another origin meanwhile, and touches neither', () => {
    const away = carryOut(stateOf(viewOf('alb', { '/api/*': 'alb', '/old/*': 'alb' })), 'standby');
    const changed = { ...away, view: viewOf('azure', { '/api/*': 's3' }) };
    const { changes, gone } = planned(changed, 'primary');
    expect(changes).toEqual([{ pathPattern: null, from: 'azure', to: 'alb' }]);
    expect(gone).toEqual(['/api/*', '/old/*']);
  });

  it('takes everything home to the primary where nobody wrote down what home was', () => {
    const moved = stateOf(viewOf('azure', { '/api/*': 'azure' }));
    expect(planned(moved, 'primary').changes.map(({ to }) => to)).toEqual(['alb', 'alb']);
  });

  it('names the default behaviour in words', () => {
    expect([behaviourName(null), behaviourName('/api/*')]).toEqual(['the default behaviour', '/api/*']);
  });
});

describe('refusing a move', () => {
  it('refuses an origin that the distribution does not have', () => {
    const view = { ...viewOf('alb'), originIds: ['alb', 'blob'] };
    expect(problemsOf(stateOf(view), 'standby')).toEqual([
      'the distribution has no origin "azure", only [alb, blob]: add it, or correct edge.originIds',
    ]);
    expect(problemsOf(stateOf(view), 'maintenance')).toEqual([]);
  });

  it('refuses the way home where one of its origins is gone', () => {
    const away = carryOut(stateOf(viewOf('alb', { '/status/*': 'blob' })), 'standby');
    const view = { ...away.view, originIds: ['alb', 'azure'] };
    expect(problemsOf({ ...away, view }, 'primary')).toEqual([
      'the distribution has no origin "blob", only [alb, azure]: add it, or correct edge.originIds',
    ]);
  });

  it('refuses a behaviour on a group with an origin of ours, and says that it cannot carry writes', () => {
    const groups = [{ id: 'pair', originIds: ['alb', 'azure'] }];
    const view = { ...viewOf('pair'), originGroups: groups };
    expect(problemsOf(stateOf(view), 'standby')).toEqual([
      'the default behaviour targets the origin group "pair" with alb and azure in it: a behaviour on a group cannot ' +
        'carry POST, PUT, PATCH or DELETE, and CloudFront chooses in it by itself; let the behaviour target one origin',
    ]);
  });

  it('accepts a group of foreign origins, and a group that only probes use', () => {
    const originGroups = [
      { id: 'static', originIds: ['s3', 's3-copy'] },
      { id: 'pair', originIds: ['alb', 'azure'] },
    ];
    const view = viewOf('alb', { '/static/*': 'static', '/__pilotlight/any/*': 'pair' });
    expect(problemsOf(stateOf({ ...view, originGroups }), 'standby')).toEqual([]);
  });

  it('refuses a distribution in which there is nothing to move', () => {
    const view = viewOf('s3', { '/__pilotlight/primary/*': 'alb' });
    expect(problemsOf(stateOf(view), 'standby')).toEqual([
      'there is nothing to move: no behaviour targets any of [alb, azure, blob], except for probes',
    ]);
  });

  it('refuses two origins with one id', () => {
    const state = { ...stateOf(viewOf('alb')), managed: { ...managed, maintenance: 'alb' } };
    expect(problemsOf(state, 'standby')).toEqual([
      'edge.originIds must name three origins, got [alb, azure, alb]',
    ]);
  });
});

describe('reading the route from a distribution and a record', () => {
  const home: readonly Behaviour[] = [
    { pathPattern: null, originId: 'alb' },
    { pathPattern: '/legacy/*', originId: 'azure' },
  ];
  const shielded: RouteRecord = { route: route('maintenance'), home, settled: false };
  const writer = { fence: 3, by: 'run-3', at: NOW };
  const next = (state: DistributionState, origin: OriginId, fence = 3) =>
    decideMove(servedRoute(state, NOW), { origin }, { ...writer, fence });

  it('finds no route at a home that nothing has moved', () => {
    expect(servedRoute(stateOf(viewOf('alb', { '/legacy/*': 'azure' })), NOW)).toBeNull();
    expect(servedRoute(stateOf(viewOf('s3', { '/api/*': 'alb', '/old/*': 'azure' })), NOW)).toBeNull();
  });

  it('believes the distribution where somebody moved it before there was a record', () => {
    expect(servedRoute(stateOf(viewOf('azure', { '/legacy/*': 'azure' })), NOW)).toEqual({
      v: 1,
      origin: 'standby',
      epoch: 0,
      fence: 0,
      standbyServed: true,
      by: 'seen in the distribution, not written by the ledger',
      at: NOW,
    });
  });

  it('takes a standby that it sees for one that has served, whatever the record claims', () => {
    const atStandby = viewOf('azure', { '/legacy/*': 'azure' });
    const claimedHome = stateOf(atStandby, { ...shielded, route: route('primary') });
    expect(next(claimedHome, 'primary')).toEqual({ kind: 'would-lose-writes', on: 'standby' });
    const claimedShield = stateOf(viewOf('alb', { '/legacy/*': 'azure' }), shielded);
    expect(next(claimedShield, 'primary').kind).toBe('write');
  });

  it('answers the route of the record where the distribution serves it', () => {
    const state = stateOf(viewOf('blob', { '/legacy/*': 'blob' }), shielded);
    expect(servedRoute(state, NOW)).toEqual(shielded.route);
    expect(next(state, 'maintenance').kind).toBe('already-there');
  });

  it('lets a claimed move be written again that the distribution never saw', () => {
    const state = stateOf(viewOf('alb', { '/legacy/*': 'azure' }), shielded);
    expect(servedRoute(state, NOW)).toMatchObject({ origin: 'primary', epoch: 4, fence: 0 });
    expect(next(state, 'maintenance')).toMatchObject({ kind: 'write', route: { epoch: 5, fence: 3 } });
  });

  it('lets even the origin that is served be written, while an update to another may be on its way', () => {
    const record = { ...shielded, route: route('standby') };
    const state = stateOf(viewOf('blob', { '/legacy/*': 'blob' }), record);
    expect(next(state, 'maintenance').kind).toBe('write');
    expect(isUnfinished(state)).toBe(true);
    expect(isUnfinished({ ...state, record: { ...record, settled: true } })).toBe(false);
  });

  it('sees a behaviour that was added on the primary behind the shield: the route is not served', () => {
    const state = stateOf(viewOf('blob', { '/legacy/*': 'blob', '/new/*': 'alb' }), shielded);
    expect(isServing(state, 'maintenance')).toBe(false);
    expect(next(state, 'maintenance').kind).toBe('write');
    expect(planned(state, 'maintenance').changes).toEqual([
      { pathPattern: '/new/*', from: 'alb', to: 'blob' },
    ]);
  });

  it('sees a way home that was gone by half', () => {
    const record = { ...shielded, route: route('primary') };
    expect(isServing(stateOf(viewOf('alb', { '/legacy/*': 'blob' }), record), 'primary')).toBe(false);
    expect(isServing(stateOf(viewOf('alb', { '/legacy/*': 'azure' }), record), 'primary')).toBe(true);
  });

  it('takes whatever is on the primary for home once a move home was seen everywhere', () => {
    const record = { ...shielded, route: route('primary'), settled: true };
    const state = stateOf(viewOf('alb', { '/legacy/*': 'blob' }), record);
    expect(servedRoute(state, NOW)).toEqual(record.route);
    const byHand = stateOf(viewOf('azure', { '/legacy/*': 'azure' }), record);
    expect(servedRoute(byHand, NOW)).toMatchObject({ origin: 'standby', fence: 0 });
  });

  it('serves nothing where no behaviour is ours', () => {
    const state = stateOf(viewOf('s3'), shielded);
    expect(isServing(state, 'maintenance')).toBe(false);
    expect(servedRoute(state, NOW)).toMatchObject({ origin: 'maintenance', fence: 0 });
    expect(servedRoute(stateOf(viewOf('s3')), NOW)).toBeNull();
  });
});

describe('any distribution', () => {
  const target = fc.constantFrom('alb', 'azure', 'blob', 's3');
  const pattern = fc.constantFrom('/a/*', '/b/*', '/c', '*.jpg', '/__pilotlight/primary/*');
  const view = fc
    .record({ main: fc.constantFrom('alb', 's3'), ordered: fc.dictionary(pattern, target) })
    .map(({ main, ordered }) => viewOf(main, { '/app/*': 'alb', ...ordered }));
  const journey = fc.array(fc.constantFrom<OriginId>('maintenance', 'standby', 'primary'), { maxLength: 6 });

  it('is as it was when the route comes home, whatever way it went', () => {
    fc.assert(
      fc.property(view, journey, fc.boolean(), (start, steps, settled) => {
        const home = [...steps, 'primary' as const].reduce(
          (state, to) => carryOut(state, to, settled),
          stateOf(start),
        );
        expect(home.view).toEqual(start);
      }),
      { numRuns: 1000 },
    );
  });

  it('has nothing of ours on another origin while it is away, and everything else untouched', () => {
    fc.assert(
      fc.property(view, fc.constantFrom<OriginId>('maintenance', 'standby'), (start, to) => {
        const away = carryOut(stateOf(start), to);
        expect(isServing(away, to)).toBe(true);
        const foreign = ({ pathPattern, originId }: Behaviour): boolean =>
          originId === 's3' || pathPattern?.startsWith('/__pilotlight/') === true;
        expect(away.view.behaviours.filter(foreign)).toEqual(start.behaviours.filter(foreign));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the time between two looks at a deployment', () => {
  it('grows from 5 s to 20 s and stays there', () => {
    expect([0, 1, 2, 3, 4, 5, 1_000_000].map(deploymentPollMs)).toEqual([
      5_000, 7_500, 11_250, 16_875, 20_000, 20_000, 20_000,
    ]);
  });
});
