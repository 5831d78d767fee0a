import type { SpreadHistory } from '../../core/route/spread.ts';
import { EXECUTION_SECONDS_MAX } from '../../core/run/run.ts';
import type { Execution } from '../engine/executions.ts';
import type { DataEvidence, Evidence, OrderTaken } from '../rules/rule.ts';
import type { Cell } from './cell.ts';
import type { Clouds } from './clouds.ts';
import { readLedger, readSpread } from './ledger-view.ts';

/** When every edge location knew of each shield, or every node of the load balancer of the fence: then no write could come any more. */
function shieldsOf({ routes, convergenceOf, site }: Cell): DataEvidence['shieldedAt'] {
  const spread = routes.writes
    .filter(({ origin }) => origin === 'maintenance')
    .flatMap(({ at, change }) => {
      const spread = convergenceOf(change);
      return spread === null ? [] : [at + spread.lastSeconds * 1000];
    });
  return [...spread, ...site.door.shutAt].sort((a, b) => a - b);
}

const measurementsIn = (history: SpreadHistory | null): number =>
  (history?.days ?? []).reduce((sum, { measurements }) => sum + measurements, 0);

/** What the checkers look at, of one site. */
export function evidenceOf(world: {
  readonly cell: Cell;
  readonly clouds: Clouds;
  readonly executions: readonly Execution[];
  readonly orders: readonly OrderTaken[];
}): Evidence {
  const { cell, clouds, executions, orders } = world;
  const { site, routes, users } = cell;
  const { leaseHolder, recorded } = readLedger(clouds.ledger, cell.id);
  return {
    executions,
    startsOn: cell.startsOn,
    orders,
    routeWrites: routes.writes,
    primaryWrites: site.primary.accepted,
    standbyWrites: site.standby.accepted,
    data: { ...site.data.truth(), shieldedAt: shieldsOf(cell) },
    standbyIsParked: site.azure?.isParked ?? false,
    requests: users.requests,
    measurements: measurementsIn(readSpread(clouds.ledger, cell.id)) - measurementsIn(cell.spread),
    leaseHolder,
    announcements: clouds.topics.messages.map((message) => message.message),
    announcedAt: clouds.topics.messages.map(({ at }) => at),
    recordedExecutions: recorded,
    unexpectedCalls: clouds.unexpectedCalls(),
    executionSecondsMax: EXECUTION_SECONDS_MAX,
  };
}
