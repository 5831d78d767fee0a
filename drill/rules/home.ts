import { judge, wasFailback, type Evidence, type RuleResult } from './rule.ts';

/**
 * Nothing that was acknowledged on the standby is missing once users are home. What the primary's database holds at the end it held then: only
 * another way home could change that, and it brings everything too.
 */
export function home(evidence: Evidence): RuleResult {
  const { routeWrites, standbyWrites, data } = evidence;
  const moves = routeWrites.filter(({ by, percentOnPrimary }) => wasFailback(by) && percentOnPrimary > 0);
  const held = new Set(data.onPrimary ?? []);
  const first = new Map(moves.toReversed().map((move) => [move.by, move]));
  const broken = [...first.values()].flatMap(({ by, at }) => {
    if (data.onPrimary === null) return [];
    const missing = standbyWrites.filter((write) => write.at <= at && !held.has(write.id));
    return missing.length === 0
      ? []
      : [
          `${by} left ${missing.length} acknowledged writes on the standby, the first of ${new Date(missing[0]?.at ?? 0).toISOString()}`,
        ];
  });
  return judge(
    'home',
    broken,
    `${first.size} ways home, each with everything that was written on the standby`,
  );
}
