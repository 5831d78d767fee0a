import type { Config } from '../../core/config/schema.ts';
import type { StandbyTier } from '../../core/config/standby-schema.ts';
import type { NamedArguments } from '../arguments.ts';
import type { Scenario } from '../scenario.ts';
import type { Dress } from '../report/text.ts';
import { measureHarm, type Had, type Harm } from './harm.ts';
import { measureTable, tableText } from './table.ts';

const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function hadText(name: string, had: Had): string {
  const moves = had.moves.map(({ origin, second }) => `${origin} at ${second} s`).join(', ');
  return (
    `  ${name.padEnd(20)}${had.servedPercent.toFixed(2).padStart(6)} % of ${had.requests} requests served, ` +
    `${had.failed} failed, ${had.page} saw the page; ${had.runs} runs; ${moves === '' ? 'no move' : `moved to ${moves}`}`
  );
}

/** What users gained or lost, for people. */
export function harmText(harm: Harm, dress: Dress): string {
  const { rule, gainedPoints } = harm;
  const mark = rule.held ? dress.good('held  ') : dress.bad('BROKEN');
  const gained = `${gainedPoints >= 0 ? '+' : ''}${gainedPoints.toFixed(2)} percentage points`;
  return [
    dress.strong(
      `${harm.scenario}, seed ${harm.seed}, ${harm.tier}, ${harm.minutes} min from the fault: ${gained}`,
    ),
    hadText('with the controller', harm.controller),
    hadText('doing nothing', harm.nothing),
    `  ${mark}  ${rule.name.padEnd(24)}${dress.dim(rule.detail)}`,
  ].join('\n');
}

/** The tiers of the table: those that the standby of the configuration may have. */
const tiersOf = (config: Config): readonly StandbyTier[] =>
  Object.values(config.workloads)[0]?.standby.tier === 'external' ? ['external'] : ['cold', 'warm'];

/** Carries out `--harm`. @returns the exit status: 1 where users are worse off than the rule allows. */
export async function runHarm(
  args: NamedArguments,
  told: { readonly scenario: Scenario; readonly config: Config },
  dress: Dress,
): Promise<number> {
  const { config } = told;
  const { minutes, seeds } = args;
  if (args.table) {
    const harms = await measureTable({ seeds, tiers: tiersOf(config), config, minutes });
    write(args.json ? JSON.stringify(harms, null, 2) : tableText(harms));
    return harms.every(({ rule }) => rule.held) ? 0 : 1;
  }
  const harms: Harm[] = [];
  for (const seed of seeds) {
    const harm = await measureHarm({ name: args.scenario, scenario: told.scenario, seed, config, minutes });
    harms.push(harm);
    if (!args.json) write(harmText(harm, dress));
  }
  if (args.json) write(JSON.stringify(harms, null, 2));
  return harms.every(({ rule }) => rule.held) ? 0 : 1;
}
