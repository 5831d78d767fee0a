import type { Scenario } from '../../../drill/scenario.ts';
import { initialRouteOf, RouteWatch } from '../../../drill/world/route-watch.ts';
import { useVirtualTime } from '../clouds/fixture.ts';
import { scenarioOf, siteOf } from './fixture.ts';

function watch(scenario: Scenario = scenarioOf(), holder: string | null = 'run-1') {
  const { site, journal, events } = siteOf(scenario);
  const routes = new RouteWatch({ site, journal, scenario, holder: () => holder });
  return { site, routes, events };
}

const valueOf = (origin: string, more: object = {}): string =>
  JSON.stringify({ v: 1, origin, epoch: 3, fence: 7, by: 'run-1', at: '2026-03-02T00:00:00.000Z', ...more });

describe('RouteWatch', () => {
  useVirtualTime();

  it('notes the truth of both sides at the moment of a write, whatever the writer believes', () => {
    const { site, routes } = watch();
    routes.onValue(valueOf('maintenance'));
    site.primary.condition = 'silent';
    site.standby.condition = 'silent';
    routes.onValue(valueOf('standby', { epoch: 4 }));
    expect(routes.writes).toMatchObject([
      { origin: 'maintenance', by: 'run-1', epoch: 3, change: 0, primaryWasUp: true, standbyWasFit: true },
      { origin: 'standby', by: 'run-1', epoch: 4, change: 1, primaryWasUp: false, standbyWasFit: false },
    ]);
  });

  it('tells a share as a share', () => {
    const { routes, events } = watch();
    routes.onValue(valueOf('standby'));
    routes.onValue(valueOf('primary', { canary: { origin: 'maintenance', percent: 5 } }));
    routes.onValue(valueOf('maintenance', { canary: { origin: 'standby', percent: 5 } }));
    expect(events().at(-1)).toBe('edge: the route to maintenance with 5 % on standby is written, epoch 3');
    expect(routes.writes.map((write) => write.percentOnStandby)).toEqual([100, 0, 5]);
  });

  it('takes the holder of the lease for the writer of a distribution, which names none', () => {
    const held = watch();
    held.routes.onTarget('maintenance');
    held.routes.onTarget('standby');
    expect(held.routes.writes).toMatchObject([
      { origin: 'maintenance', by: 'run-1', epoch: 1 },
      { origin: 'standby', by: 'run-1', epoch: 2 },
    ]);
    const unheld = watch(scenarioOf(), null);
    unheld.routes.onTarget('standby');
    expect(unheld.routes.writes).toMatchObject([{ by: 'somebody without the lease' }]);
  });

  it('gives a replica of the site at the switch what it has, and nothing at the shield', () => {
    const { site, routes } = watch(scenarioOf({ data: { mode: 'none' } }));
    site.primary.database.accept({ id: 1, at: Date.now() - 60_000 });
    routes.onValue(valueOf('maintenance'));
    expect(site.standby.database.holds(1)).toBe(false);
    routes.onValue(valueOf('standby'));
    expect(site.standby.database.holds(1)).toBe(true);
  });

  it('gives a standby nothing by itself that is fed by way of the store', () => {
    const { site, routes } = watch();
    site.primary.database.accept({ id: 1, at: Date.now() - 60_000 });
    routes.onValue(valueOf('standby'));
    expect(site.standby.database.holds(1)).toBe(false);
  });

  it('lets the standby die after the switch, and only where the scenario says so', () => {
    const dying = watch(scenarioOf({ happenings: [{ what: 'standby-dies-after-switch', at: 0 }] }));
    dying.routes.onValue(valueOf('maintenance'));
    expect(dying.site.standby.condition).toBe('up');
    dying.routes.onValue(valueOf('standby'));
    expect(dying.site.standby.condition).toBe('silent');
    // The truth at the moment of the write: it was fit then.
    expect(dying.routes.writes[1]).toMatchObject({ standbyWasFit: true });
    const living = watch();
    living.routes.onValue(valueOf('standby'));
    expect(living.site.standby.condition).toBe('up');
  });
});

describe('initialRouteOf', () => {
  it('is what an earlier run has left, under no fence of today; nothing where users are at home', () => {
    expect(initialRouteOf(scenarioOf())).toBeNull();
    expect(JSON.parse(initialRouteOf(scenarioOf({ startsOn: 'maintenance' })) ?? '{}')).toMatchObject({
      v: 1,
      origin: 'maintenance',
      fence: 0,
      by: 'an earlier run',
    });
  });
});
