import path from 'node:path';
import type { Config } from '../../core/config/schema.ts';
import type { Scenario } from '../scenario.ts';
import { workThrough } from '../workers.ts';
import type { Harm } from './harm.ts';
import type { HarmJob } from './worker.ts';
import { tableWorlds } from './worlds.ts';

/** What the table is made of. */
export interface TableOrder {
  readonly seeds: readonly number[];
  readonly tiers: readonly NonNullable<Scenario['tier']>[];
  readonly config: Config;
  readonly minutes: number;
}

/** Runs every world of the table, one worker a core. In the order of the worlds, tiers and seeds. */
export async function measureTable(order: TableOrder): Promise<readonly Harm[]> {
  const { seeds, tiers, config, minutes } = order;
  const jobs = tableWorlds.flatMap(({ name: world }) =>
    tiers.flatMap((tier) => seeds.map((seed): HarmJob => ({ world, tier, seed, config, minutes }))),
  );
  const place = new Map(jobs.map(({ world, tier, seed }, index) => [`${world} ${tier} ${seed}`, index]));
  const found = await workThrough(
    path.join(import.meta.dirname, 'worker.ts'),
    jobs,
    (answer) => answer as Harm,
  );
  const placeOf = ({ scenario, tier, seed }: Harm): number => place.get(`${scenario} ${tier} ${seed}`) ?? 0;
  return found.toSorted((a, b) => placeOf(a) - placeOf(b));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** The table in Markdown: a row for each world and tier, over its seeds. */
export function tableText(harms: readonly Harm[]): string {
  const rows = tableWorlds.flatMap(({ name, title }) => {
    const tiers = [...new Set(harms.map(({ tier }) => tier))];
    return tiers.map((tier) => {
      const own = harms.filter((harm) => harm.scenario === name && harm.tier === tier);
      const gained = own.map(({ gainedPoints }) => gainedPoints);
      const moves = Math.max(...own.map(({ controller }) => controller.moves.length));
      const runs = Math.max(...own.map(({ controller }) => controller.runs));
      const cells = [
        `${tier}, ${title}`,
        `${mean(own.map(({ controller }) => controller.servedPercent)).toFixed(1)} %`,
        `${mean(own.map(({ nothing }) => nothing.servedPercent)).toFixed(1)} %`,
        mean(gained).toFixed(1),
        Math.min(...gained).toFixed(1),
        String(moves),
        String(runs),
      ];
      return `| ${cells.join(' | ')} |`;
    });
  });
  return [
    '| world | with the controller | doing nothing | gained, points (mean) | worst | moves (most) | runs (most) |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
