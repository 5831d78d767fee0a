import { isGraceful, judge, wasFailback, type DataEvidence, type Evidence, type RuleResult } from './rule.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** When the last shield before the last move to the standby was up everywhere; null where nobody was moved there. */
function shieldOf({ routeWrites, data }: Evidence): number | null {
  const moved = routeWrites.findLast(({ percentOnStandby }) => percentOnStandby > 0)?.at;
  return moved === undefined ? null : (data.shieldedAt.findLast((at) => at <= moved) ?? moved);
}

/** Up to when the store was known to have everything, by what was in it at that moment. */
const confirmedUntil = ({ beats }: DataEvidence, at: number): number =>
  Math.max(
    0,
    ...beats.flatMap(({ storedAt, wholeUntil }) =>
      storedAt <= at && wholeUntil !== null ? [wholeUntil] : [],
    ),
  );

/** When users came home last before that moment: what was written before it came with them, or was an orphan then. */
const homeBefore = ({ routeWrites }: Evidence, at: number): number =>
  routeWrites.findLast((write) => wasFailback(write.by) && write.percentOnPrimary > 0 && write.at <= at)
    ?.at ?? -Infinity;

function missingWrites(evidence: Evidence): string[] {
  const { data, primaryWrites } = evidence;
  const shielded = data.mode === 'ship' ? shieldOf(evidence) : null;
  if (shielded === null) return [];
  const confirmed = confirmedUntil(data, shielded);
  const there = new Set(data.applied);
  const since = homeBefore(evidence, shielded);
  const missing = primaryWrites.filter(({ id, at }) => at >= since && at <= confirmed && !there.has(id));
  const [first] = missing;
  if (first === undefined) return [];
  return [
    `${missing.length} writes up to ${iso(confirmed)} were shipped and are not on the standby, the first of ${iso(first.at)}`,
  ];
}

/** A planned move promises that nothing is missing: not what was shipped, but everything that the primary acknowledged. */
function missingOfPlanned({ executions, routeWrites, primaryWrites, data }: Evidence): string[] {
  if (data.mode === 'none') return [];
  const there = new Set(data.applied);
  return executions.filter(isGraceful).flatMap(({ name }) => {
    const moved = routeWrites.find(({ by, percentOnStandby }) => by === name && percentOnStandby > 0)?.at;
    if (moved === undefined) return [];
    const missing = primaryWrites.filter(({ id, at }) => at <= moved && !there.has(id));
    return missing.length === 0
      ? []
      : [`the planned move ${name} left ${missing.length} acknowledged writes behind`];
  });
}

/** What was put into the standby follows the order in which the primary accepted it, and nothing comes twice. */
function disorder({ primaryWrites, standbyWrites, data }: Evidence): string[] {
  // After a way home the primary has what was written on the standby, and the standby loads it from there.
  const accepted = [...primaryWrites, ...standbyWrites].toSorted((a, b) => a.at - b.at);
  const places = new Map(accepted.map(({ id }, place) => [id, place]));
  const broken: string[] = [];
  let last = -1;
  for (const id of data.applied) {
    const place = places.get(id);
    if (place === undefined) broken.push(`write ${id} is on the standby and was never accepted by anybody`);
    else if (place === last) broken.push(`write ${id} was applied twice`);
    else if (place < last) broken.push(`write ${id} was applied after a later one`);
    last = Math.max(last, place ?? last);
  }
  return broken;
}

function openedTooEarly({ data: { mode, openedAt, shieldedAt } }: Evidence): string[] {
  if (mode === 'none' || openedAt === null || shieldedAt.some((at) => at <= openedAt)) return [];
  return [`the standby was opened for writes at ${iso(openedAt)}, before a shield was up everywhere`];
}

/**
 * Nothing that was acknowledged and shipped is missing after a move, and nothing at all after a planned one; nothing is applied twice or out of order; and the standby takes no write before
 * the last one can have reached the primary.
 */
export function data(evidence: Evidence): RuleResult {
  const broken = [
    ...missingWrites(evidence),
    ...missingOfPlanned(evidence),
    ...disorder(evidence),
    ...openedTooEarly(evidence),
  ];
  const { mode, applied } = evidence.data;
  return judge(
    'data',
    broken,
    mode === 'none'
      ? 'the site brings its data over by its own means'
      : `${applied.length} writes of the primary are on the standby, in order, once`,
  );
}
