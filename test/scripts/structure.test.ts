import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/*
 * Goal: every rule of the structure check refuses what it is there to refuse, and nothing else is refused.
 * Method: the real checker with the real rules runs over a small made-up house, once with one violation for each rule
 * and once with everything that is allowed.
 */

const ROOT = path.join(import.meta.dirname, '../..');
const DECLARED = [
  'zod',
  'yaml',
  '@aws-sdk/client-sns',
  '@azure/identity',
  '@azure/core-rest-pipeline',
  '@aws-lambda-powertools/logger',
];
const DECLARED_FOR_DEVELOPMENT = ['aws-cdk-lib', 'constructs', 'fast-check', '@smithy/types'];
const UNDECLARED = ['left-over'];

const FOLDERS = [
  'core',
  'edge',
  'clouds',
  'statemachines',
  'lambdas',
  'lib',
  'cli',
  'mover',
  'drill',
  'bin',
  'bench',
  'scripts',
  'test',
];

interface House {
  readonly root: string;
  readonly write: (file: string, text: string) => void;
}

/** An empty house: each folder with one file that imports nothing, and packages of one line. */
function buildHouse(): House {
  const root = mkdtempSync(path.join(tmpdir(), 'pilotlight-structure-'));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const versions = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, '1.0.0']));
  write(
    'package.json',
    JSON.stringify({
      name: 'house',
      type: 'module',
      dependencies: versions(DECLARED),
      devDependencies: versions(DECLARED_FOR_DEVELOPMENT),
    }),
  );
  for (const name of [...DECLARED, ...DECLARED_FOR_DEVELOPMENT, ...UNDECLARED]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
  for (const folder of FOLDERS) write(`${folder}/leaf.ts`, `export const leaf = '${folder}';\n`);
  cpSync(path.join(ROOT, '.dependency-cruiser.mjs'), path.join(root, '.dependency-cruiser.mjs'));
  return { root, write };
}

interface Violation {
  readonly rule: string;
  readonly from: string;
}

/** Runs the checker over the house; each violation once. */
function check(house: House): readonly Violation[] {
  const checker = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const run = spawnSync(
    process.execPath,
    [checker, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...FOLDERS],
    { cwd: house.root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (run.stdout === '') throw new Error(`the checker said nothing: ${run.stderr}`);
  const report = JSON.parse(run.stdout) as {
    summary: { violations: readonly { from: string; rule: { name: string } }[] };
  };
  const found = report.summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
  return [...new Set(found)].sort().map((line) => {
    const [rule = '', from = ''] = line.split(' ');
    return { rule, from };
  });
}

/** Which folders a folder may import; every other pair is a violation. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  edge: [],
  clouds: ['core'],
  statemachines: ['core'],
  lambdas: ['core', 'clouds'],
  lib: ['core', 'statemachines', 'edge'],
  cli: ['core', 'clouds'],
  mover: ['core', 'clouds'],
  drill: ['core', 'clouds', 'lambdas', 'statemachines', 'edge'],
  bin: ['core', 'lib'],
  bench: [
    'core',
    'edge',
    'clouds',
    'statemachines',
    'lambdas',
    'lib',
    'cli',
    'mover',
    'drill',
    'bin',
    'scripts',
    'test',
  ],
};

const importOf = (specifier: string): string =>
  `import * as it from '${specifier}';\nexport const used = it;\n`;
const leafOf = (folder: string): string => importOf(`../${folder}/leaf.ts`);

const FORBIDDEN_PAIRS = Object.entries(ALLOWED).flatMap(([from, allowed]) =>
  FOLDERS.filter((to) => to !== from && !allowed.includes(to)).map((to) => ({ from, to })),
);

/** One file a rule; `name` becomes the file's. */
const OTHER_VIOLATIONS = [
  { rule: 'core-is-pure', file: 'core/reads-a-file.ts', text: importOf('node:fs') },
  { rule: 'core-is-pure', file: 'core/uses-a-package.ts', text: importOf('@azure/core-rest-pipeline') },
  { rule: 'edge-uses-no-package', file: 'edge/parses.ts', text: importOf('zod') },
  { rule: 'aws-sdk-in-clouds', file: 'lambdas/announce.ts', text: importOf('@aws-sdk/client-sns') },
  { rule: 'aws-sdk-in-clouds', file: 'drill/fakes.ts', text: importOf('@aws-sdk/client-sns') },
  {
    rule: 'aws-sdk-in-clouds',
    file: 'cli/types.ts',
    text: "import type * as it from '@smithy/types';\nexport type T = it.T;\n",
  },
  { rule: 'azure-sdk-in-clouds', file: 'drill/logs-in.ts', text: importOf('@azure/identity') },
  { rule: 'azure-transport-below-clouds', file: 'cli/asks.ts', text: importOf('@azure/core-rest-pipeline') },
  { rule: 'powertools-in-entry', file: 'lambdas/logs.ts', text: importOf('@aws-lambda-powertools/logger') },
  { rule: 'cdk-in-lib', file: 'drill/stack.ts', text: importOf('aws-cdk-lib') },
  { rule: 'no-dev-dependency-shipped', file: 'clouds/guesses.ts', text: importOf('fast-check') },
  { rule: 'no-undeclared-package', file: 'scripts/leftover.ts', text: importOf('left-over') },
  { rule: 'no-cycle', file: 'cli/cycle-a.ts', text: importOf('./cycle-b.ts') },
  { rule: 'resolves', file: 'cli/astray.ts', text: importOf('./nowhere.ts') },
  { rule: 'nobody-imports-test', file: 'scripts/tests-itself.ts', text: leafOf('test') },
];

// The checker is a process of its own, on machines that may have two busy cores.
jest.setTimeout(30_000);

describe('the structure check', () => {
  let house: House;
  beforeEach(() => {
    house = buildHouse();
  });
  afterEach(() => {
    rmSync(house.root, { recursive: true, force: true });
  });

  it('accepts everything that the house allows', () => {
    for (const [folder, allowed] of Object.entries(ALLOWED)) {
      for (const other of allowed) house.write(`${folder}/uses-${other}.ts`, leafOf(other));
    }
    house.write(
      'core/parses.ts',
      importOf('zod') + "import * as yaml from 'yaml';\nexport const text = yaml;\n",
    );
    house.write('edge/loads.ts', importOf('node:vm'));
    house.write('edge/function.js', "import cf from 'cloudfront';\nfunction handler() { return cf; }\n");
    house.write(
      'lambdas/context.ts',
      "import type { Context } from 'aws-lambda';\nexport type Own = Context;\n",
    );
    house.write('clouds/sns.ts', importOf('@aws-sdk/client-sns'));
    house.write('clouds/entra.ts', importOf('@azure/identity'));
    house.write('lambdas/entry.ts', importOf('@aws-lambda-powertools/logger'));
    house.write('drill/transport.ts', importOf('@azure/core-rest-pipeline'));
    house.write('drill/chance.ts', importOf('fast-check'));
    house.write('lib/stack.ts', importOf('aws-cdk-lib'));
    house.write('bin/app.ts', importOf('constructs'));
    for (const other of FOLDERS) house.write(`test/uses-${other}.ts`, leafOf(other));
    expect(check(house)).toEqual([]);
  });

  it('refuses each forbidden direction between two folders, and each of the other violations, by its own rule', () => {
    for (const { from, to } of FORBIDDEN_PAIRS) house.write(`${from}/uses-${to}.ts`, leafOf(to));
    for (const { file, text } of OTHER_VIOLATIONS) house.write(file, text);
    // The cycle's way back is a type only, which counts like any import.
    house.write(
      'cli/cycle-b.ts',
      "import type { used } from './cycle-a.ts';\nexport type U = typeof used;\n",
    );
    const found = check(house).map(({ rule, from }) => `${rule} ${from}`);
    const expected = [
      ...FORBIDDEN_PAIRS.map(({ from, to }) => `${from}-imports ${from}/uses-${to}.ts`),
      ...OTHER_VIOLATIONS.map(({ rule, file }) => `${rule} ${file}`),
    ];
    expect(expected.filter((line) => !found.includes(line))).toEqual([]);
    expect(FORBIDDEN_PAIRS).toHaveLength(102);
  });

  it('has no rule that no violation here sets off', async () => {
    const rules = (await import(path.join(ROOT, '.dependency-cruiser.mjs'))) as {
      default: { forbidden: readonly { name: string }[] };
    };
    const shown = new Set([
      ...Object.keys(ALLOWED).map((folder) => `${folder}-imports`),
      ...OTHER_VIOLATIONS.map(({ rule }) => rule),
    ]);
    expect(rules.default.forbidden.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});
