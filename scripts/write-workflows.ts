/**
 * Writes statemachines/*.asl.json from statemachines/source: the files that are deployed, drilled and tested.
 *
 *   node scripts/node24.mjs scripts/write-workflows.ts            writes them
 *   node scripts/node24.mjs scripts/write-workflows.ts --check    exit 1 where one is not up to date
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { WorkflowName } from '../core/names.ts';
import { failback } from '../statemachines/source/failback/failback.ts';
import { failover } from '../statemachines/source/failover/failover.ts';
import type { Fields } from '../statemachines/source/shape.ts';

const WORKFLOWS: Readonly<Record<WorkflowName, Fields>> = { failover, failback };

/** Each file with the text that it should have. */
async function wantedFiles(): Promise<readonly { readonly file: string; readonly text: string }[]> {
  return Promise.all(
    Object.entries(WORKFLOWS).map(async ([name, workflow]) => {
      const file = path.join(import.meta.dirname, `../statemachines/${name}.asl.json`);
      const style = await resolveConfig(file);
      return { file, text: await format(JSON.stringify(workflow, null, 2), { ...style, filepath: file }) };
    }),
  );
}

async function main(): Promise<number> {
  const options = process.argv.slice(2);
  const unknown = options.filter((option) => option !== '--check');
  if (unknown.length > 0) {
    process.stderr.write(`got ${unknown.join(' ')}, expected nothing or --check\n`);
    return 2;
  }
  const files = await wantedFiles();
  if (!options.includes('--check')) {
    for (const { file, text } of files) writeFileSync(file, text);
    process.stdout.write(`wrote ${files.map(({ file }) => path.basename(file)).join(', ')}\n`);
    return 0;
  }
  const old = files.filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
  if (old.length === 0) {
    process.stdout.write('the workflows are up to date\n');
    return 0;
  }
  process.stderr.write(
    `${old.map(({ file }) => path.basename(file)).join(', ')}: not what statemachines/source makes. Change the source, ` +
      'then run node scripts/node24.mjs scripts/write-workflows.ts\n',
  );
  return 1;
}

process.exitCode = await main();
