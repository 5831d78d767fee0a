import { dumpHome } from '../mover/home/dump-home.ts';
import { loadHome, settle } from '../mover/home/load-home.ts';
import { exportOrphans } from '../mover/home/orphans.ts';
import { leaveFigures, verifyHome } from '../mover/home/verify-home.ts';
import type { Sides } from '../test/mover/helpers/sides.ts';
import { failOver, homeSides } from '../test/mover/helpers/way-home.ts';

const timed = async <T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> => {
  const began = performance.now();
  const value = await run();
  return { value, seconds: (performance.now() - began) / 1000 };
};
const s = ({ seconds }: { readonly seconds: number }): string => `${seconds.toFixed(1)} s`;

/**
 * What the way home takes: the first load with users on the standby, and what of the second round is behind the page, where users have
 * written a thousand rows of one small table meanwhile.
 * @param megabytes of rows, which the primary has already
 */
export async function benchHome(sides: Sides, megabytes: number, say: (text: string) => void): Promise<void> {
  sides.primary.root('SET GLOBAL log_bin_trust_function_creators = ON');
  await failOver(sides);
  const { primary, standby } = homeSides(sides);
  await exportOrphans(primary, false);
  const firstDump = await timed(() => dumpHome(standby, null));
  const first = await timed(() => loadHome(primary, firstDump.value.dump, false));
  sides.standby.root(
    "INSERT INTO app.writes (text) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT 'on the standby' FROM n",
  );
  const lastDump = await timed(() => dumpHome(standby, firstDump.value.dump));
  const figures = await timed(() => leaveFigures(standby));
  const last = await timed(() => loadHome(primary, lastDump.value.dump, true));
  const verified = await timed(() => verifyHome(primary));
  const settled = await timed(() => settle(primary));
  const behind = lastDump.seconds + last.seconds + figures.seconds + verified.seconds;
  const all = firstDump.seconds + first.seconds;
  say(
    `way home of ${megabytes} MB, before the page: dump ${s(firstDump)}, load ${s(first)} (${(megabytes / first.seconds).toFixed(0)} MB/s)`,
  );
  say(
    `behind the page, ${lastDump.value.changed?.length ?? 'all'} of ${verified.value.length} tables written to: dump ${s(lastDump)}, figures ${s(figures)}, load ${s(last)}, verify ${s(verified)}; together ${behind.toFixed(1)} s, ${(all / (lastDump.seconds + last.seconds)).toFixed(1)} times as quick to dump and load as all of it. Settled in ${s(settled)}`,
  );
}
