import type { Options } from '../command-line.ts';
import { MoverError } from '../errors.ts';
import { dumpNames } from '../store/dumps.ts';
import { homeFolder } from '../../core/data/home.ts';
import { dumpHome, type DumpHomeOptions } from './dump-home.ts';
import { askGates } from './gates.ts';
import { discard, loadHome, settle } from './load-home.ts';
import { exportOrphans } from './orphans.ts';
import type { PrimarySideOptions } from './primary-side.ts';
import { leaveFigures, verifyHome, type VerifyHomeOptions } from './verify-home.ts';

/** What a command of the primary's side works with. */
export interface HomeCommand extends PrimarySideOptions {
  readonly options: Options;
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
}

/** `mover orphans` */
export async function keepOrphans(made: HomeCommand): Promise<void> {
  const { folder, manifest } = await exportOrphans(made, made.options.anew === true);
  const { transactions, tables, firstCommitAt, lastCommitAt } = manifest;
  const names = tables.map(({ schema, name }) => `${schema}.${name}`).join(', ');
  made.print(
    transactions === 0
      ? `No orphans: the standby has everything that the primary has. ${folder}\n`
      : `${transactions} orphans, committed from ${firstCommitAt} to ${lastCommitAt}, in ${names}: ${folder}\n`,
  );
}

/** `mover gates`: prints the gates, and fails where one is shut. */
export async function tellGates(made: HomeCommand): Promise<void> {
  const gates = await askGates(made);
  made.print(`${JSON.stringify(gates, null, 2)}\n`);
  if (gates.open) return;
  const shut = Object.entries(gates.gates).flatMap(([name, { state, got }]) =>
    state === 'shut' ? [`${name}: ${got}`] : [],
  );
  throw new MoverError('refused', 'GATE_SHUT', `nothing may be loaded: ${shut.join('; ')}.`);
}

/** `mover home` */
export async function bringHome(made: HomeCommand): Promise<void> {
  const { options, print } = made;
  if (options.settle === true) {
    const { eventsWoken, dump } = await settle(made);
    print(
      `Settled: ${eventsWoken} events are awake, what was there before is gone, and the dump ${dump} begins a new chain.\n`,
    );
    return;
  }
  if (options.discard === true) {
    await discard(made);
    print("Discarded: the site's schemas are as they were.\n");
    return;
  }
  const isLast = options.rehearse !== true;
  const newest = (await dumpNames(made.store.backups, homeFolder(made.workload)))[0];
  const dump = typeof options.dump === 'string' ? options.dump : (newest ?? 'newest');
  const { tables, bytes, seconds } = await loadHome(made, dump, isLast);
  const what = isLast ? "has taken the place of the site's schemas" : "lies beside the site's schemas";
  print(`${dump} ${what}: ${tables} tables, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s.\n`);
}

/** `mover dump --home` */
export async function dumpForHome(
  made: DumpHomeOptions,
  since: string | null,
  print: (text: string) => void,
): Promise<void> {
  const { dump, changed, whole, plainBytes, seconds } = await dumpHome(made, since);
  const what = changed === null ? 'all rows' : `the rows of ${changed.length} tables written since ${since}`;
  const why = whole === null ? '' : ` (all of them: ${whole})`;
  print(`Dumped ${what}${why}: ${dump}, ${(plainBytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s.\n`);
}

/** `mover verify --home` */
export async function verifyForHome(
  made: VerifyHomeOptions,
  takes: boolean,
  print: (text: string) => void,
): Promise<void> {
  if (takes) {
    const { blob, witness } = await leaveFigures(made);
    print(`Took the figures of ${witness.tables.length} tables at ${witness.at}: ${blob}\n`);
    return;
  }
  print(`Equal: ${(await verifyHome(made)).length} tables are what the standby has.\n`);
}
