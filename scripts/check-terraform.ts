/**
 * Checks terraform/: `npm run check:terraform`.
 *
 * First what needs no provider: every file parses, every argument is one that the provider's vendored schema knows, every
 * module call fits the module's variables, every variable, local value and output that is used is there and every one that is there is
 * used, every validation has a rejected case. Then the real thing, in a copy, so that
 * nothing is left in the repository: terraform fmt, init, validate and test of every folder.
 *
 * What could not be run because Terraform or a provider was not to be had is listed at the end, by name, and is no failure;
 * with --require-terraform (CI) it is one. Exit 0: all that ran passed. 1: something failed. 2: bad usage.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkFolder, count } from './terraform/check-modules.ts';
import { checkReferences, uncheckedTypes } from './terraform/check-references.ts';
import { checkResources } from './terraform/check-resources.ts';
import { HclSyntaxError, readFolders } from './terraform/configuration.ts';
import type { HclFolder } from './terraform/configuration.ts';
import { readProviderSchema } from './terraform/provider-schema.ts';
import { checkWithTerraform, runTerraform } from './terraform/run-terraform.ts';
import type { StepResult } from './terraform/run-terraform.ts';

const REPOSITORY = path.join(import.meta.dirname, '..');
const ROOT = path.join(REPOSITORY, 'terraform');
const USAGE = 'usage: node scripts/check-terraform.ts [--offline] [--require-terraform]\n';

/** Providers whose arguments are known here: terraform/schemas has a file of each. */
const PROVIDERS = ['azurerm', 'aws'];
/** Those, and Terraform's own, whose types need no schema. */
const CHECKED_PROVIDERS: ReadonlySet<string> = new Set([...PROVIDERS, 'terraform']);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The checks that need nothing but this repository. Returns the findings. */
async function checkOffline(folders: readonly HclFolder[]): Promise<string[]> {
  const schemas = await Promise.all(
    PROVIDERS.map(async (name) => readProviderSchema(path.join(ROOT, 'schemas', `${name}.json`))),
  );
  return folders.flatMap((folder) => [
    ...folder.files.flatMap((file) => schemas.flatMap((schema) => checkResources(file, schema))),
    ...checkFolder(folder, folders),
    ...checkReferences(folder, folders),
  ]);
}

function sayStep({ step, result, detail }: StepResult): void {
  if (result === 'passed') say(`passed   ${step}${detail === '' ? '' : ` (${detail})`}`);
  else if (result === 'skipped') say(`skipped  ${step}`);
  else say(`FAILED   ${step}\n${detail}`);
}

async function checkInCopy(folders: readonly HclFolder[]): Promise<StepResult[]> {
  const copy = await mkdtemp(path.join(tmpdir(), 'pilotlight-terraform-'));
  try {
    await cp(ROOT, copy, { recursive: true, filter: (source) => path.basename(source) !== '.terraform' });
    // The provider is a quarter of a gigabyte and the same everywhere: fetched once, kept between runs.
    const cache = path.join(REPOSITORY, 'node_modules', '.cache', 'terraform-providers');
    await mkdir(cache, { recursive: true });
    process.env['TF_PLUGIN_CACHE_DIR'] ??= cache;
    return await checkWithTerraform({
      root: copy,
      folders: folders.map(({ folder }) => folder),
      tested: new Set(folders.filter(({ tests }) => tests.length > 0).map(({ folder }) => folder)),
      run: runTerraform,
      onStep: sayStep,
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function main(options: { offline: boolean; requireTerraform: boolean }): Promise<number> {
  const folders = await readFolders(ROOT);
  const counted = count(folders.filter(({ folder }) => !folder.includes('examples')));
  const findings = await checkOffline(folders);
  sayStep({
    step: `arguments, module calls and rejected cases of ${folders.length} folders`,
    result: findings.length === 0 ? 'passed' : 'failed',
    detail: findings.join('\n'),
  });
  const steps = options.offline ? [] : await checkInCopy(folders);
  say(
    `\n${counted.resources} resources, ${counted.runs} test runs, ${counted.rejected} of them rejected cases`,
  );
  const unchecked = new Set(folders.flatMap((folder) => uncheckedTypes(folder, CHECKED_PROVIDERS)));
  if (unchecked.size > 0) {
    say(
      `Not checked without a provider, for want of its schema: the arguments of ${[...unchecked].sort().join(', ')}`,
    );
  }
  const skipped = steps.filter(({ result }) => result === 'skipped');
  if (options.offline) say('Not run, because --offline was given: terraform fmt, init, validate, test');
  if (skipped.length > 0) say('Not run, because Terraform or a provider was not to be had:');
  for (const { step, detail } of skipped) say(`  ${step}: ${detail}`);
  const failed = findings.length > 0 || steps.some(({ result }) => result === 'failed');
  return failed || (options.requireTerraform && skipped.length > 0) ? 1 : 0;
}

function readOptions(): { offline: boolean; requireTerraform: boolean } | null {
  try {
    const { values } = parseArgs({
      options: { offline: { type: 'boolean' }, 'require-terraform': { type: 'boolean' } },
    });
    return { offline: values.offline ?? false, requireTerraform: values['require-terraform'] ?? false };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}

const options = readOptions();
if (options === null) {
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await main(options);
  } catch (error) {
    if (!(error instanceof HclSyntaxError)) throw error;
    say(`FAILED   reading terraform/\n${error.message}`);
    process.exitCode = 1;
  }
}
