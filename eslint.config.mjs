import path from 'node:path';
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Files that may touch the real clock, chance and the environment: the compositions at the very outside. */
const COMPOSITIONS = [
  'lambdas/entry.ts',
  'lambdas/*/handler.ts',
  'clouds/clock.ts',
  'cli/main.ts',
  'bin/**',
  // It moves real data by real programs, and is never part of the drill.
  'mover/**',
  'drill/**',
  'scripts/**',
  'bench/**',
  'test/**',
];

const TAKE_A_CLOCK = 'Take a Clock (core/ports.ts) instead: the drill runs this code in virtual time.';
const TAKE_AN_ENVIRONMENT = 'Parse the environment once, in handler.ts or main.ts, and pass what you need.';
const TAKE_AN_ID = 'Take the id as an argument: the same seed must give the same run.';

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'];

/** A repeated run must be the same run, so nothing below the compositions may ask the machine what time it is. */
const determinism = {
  'no-restricted-globals': [
    'error',
    ...TIMERS.map((name) => ({ name, message: TAKE_A_CLOCK })),
    { name: 'performance', message: TAKE_A_CLOCK },
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: TAKE_A_CLOCK },
    { object: 'process', property: 'hrtime', message: TAKE_A_CLOCK },
    { object: 'process', property: 'env', message: TAKE_AN_ENVIRONMENT },
    { object: 'Math', property: 'random', message: TAKE_AN_ID },
    { object: 'crypto', property: 'randomUUID', message: TAKE_AN_ID },
    ...TIMERS.map((property) => ({ object: 'globalThis', property, message: TAKE_A_CLOCK })),
  ],
  'no-restricted-imports': [
    'error',
    {
      paths: [
        { name: 'node:timers', message: TAKE_A_CLOCK },
        { name: 'node:timers/promises', message: TAKE_A_CLOCK },
        { name: 'node:perf_hooks', message: TAKE_A_CLOCK },
        { name: 'node:process', importNames: ['env', 'hrtime'], message: TAKE_AN_ENVIRONMENT },
        { name: 'node:crypto', importNames: ['randomUUID', 'randomBytes', 'randomInt'], message: TAKE_AN_ID },
      ],
    },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: TAKE_A_CLOCK },
    { selector: 'CallExpression[callee.name="Date"]', message: TAKE_A_CLOCK },
  ],
};

/** Our own two rules: what the house says about names of files and of exports, and no published rule says alone. */
const house = {
  rules: {
    'kebab-case-file': {
      meta: { type: 'layout', schema: [] },
      create(context) {
        const name = path.basename(context.filename);
        return {
          Program(node) {
            if (/^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/.test(name)) return;
            context.report({ node, message: `got the file name "${name}", expected kebab-case` });
          },
        };
      },
    },
    'no-default-export': {
      meta: { type: 'problem', schema: [] },
      create(context) {
        return {
          ExportDefaultDeclaration(node) {
            context.report({ node, message: 'Export it by name: a thing has one name everywhere.' });
          },
        };
      },
    },
  },
};

/** One idea a file, one screen a function. */
const sizes = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: false }],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: false }],
};

const naming = {
  '@typescript-eslint/naming-convention': [
    'error',
    { selector: 'default', format: ['camelCase'], leadingUnderscore: 'forbid' },
    // A call to AWS is shorter where the variable has the name of the field that it becomes (`KvsARN`).
    { selector: ['variable', 'parameter'], format: ['camelCase', 'PascalCase'] },
    {
      selector: 'variable',
      modifiers: ['const', 'global'],
      format: ['camelCase', 'UPPER_CASE', 'PascalCase'],
    },
    { selector: 'typeLike', format: ['PascalCase'] },
    // Names on the wire are the vendors' (`StackName`, `detail-type`), and an import keeps the name it was given.
    { selector: ['property', 'method', 'import'], format: null },
    // Of a destructured answer, too.
    { selector: ['variable', 'parameter'], modifiers: ['destructured'], format: null },
    // `_` for a parameter that a signature needs and the body does not.
    { selector: 'parameter', modifiers: ['unused'], format: null },
  ],
};

const typed = {
  'max-params': 'off',
  '@typescript-eslint/max-params': ['error', { max: 3 }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
  ],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // A number or a boolean in a message reads as what it is; objects and undefined stay forbidden.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // An async function without await still turns what it throws into a rejection, which its interface promises.
  '@typescript-eslint/require-await': 'off',
  // CDK constructs are made for their effect on the scope that they are given.
  'no-new': 'off',
};

const everywhere = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
  'no-console': 'error',
  'prefer-const': 'error',
  'object-shorthand': 'error',
  'house/kebab-case-file': 'error',
  'house/no-default-export': 'error',
};

const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'Buffer', 'URL', 'fetch', 'performance', ...TIMERS].map((name) => [
    name,
    'readonly',
  ]),
);

/**
 * The viewer's functions run in CloudFront's own JavaScript (runtime 2.0): what it cannot do is an error here, not on
 * the day. Source: CloudFront Developer Guide, "JavaScript runtime 2.0 features for CloudFront Functions".
 */
const CLOUDFRONT_LACKS = [
  ['ObjectPattern', 'destructuring'],
  ['ArrayPattern', 'destructuring'],
  ['SpreadElement', 'spread'],
  ['AssignmentPattern', 'default parameters'],
  ['ChainExpression', 'optional chaining'],
  ['LogicalExpression[operator="??"]', '??'],
  ['ClassDeclaration', 'classes'],
  ['YieldExpression', 'generators'],
  ['ForOfStatement', 'for-of'],
  ['ImportDeclaration[source.value!="cloudfront"]', 'any module but cloudfront'],
  ['ExportNamedDeclaration', 'exports'],
];

export default defineConfig(
  globalIgnores(['node_modules/', '.node24/', 'cdk.out/', 'coverage/', '**/dist/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, plugins: { house } },
  js.configs.recommended,
  { rules: { ...everywhere, ...sizes } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...typed, ...naming },
  },
  { files: ['**/*.ts'], ignores: COMPOSITIONS, rules: determinism },
  {
    // A console is how a script speaks.
    files: ['scripts/**', 'bench/**', 'bin/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A describe callback is a list of tests, not a function that anybody reads as one; the file's limit holds.
      'max-lines-per-function': 'off',
      // The function under a table has a parameter for each of its columns.
      '@typescript-eslint/max-params': 'off',
      // expect.any() and its like are typed `any` on purpose.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // A test that reads a list at an index says in the next line what it expects there.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { ecmaVersion: 2024, globals: nodeGlobals },
    rules: { 'max-params': ['error', 3] },
  },
  {
    // Tools read these files by their default export.
    files: ['*.config.mjs', '.dependency-cruiser.mjs', 'test/plain-environment.ts', 'test/sequencer.mjs'],
    rules: { 'house/no-default-export': 'off' },
  },
  {
    files: ['edge/*.js'],
    languageOptions: { ecmaVersion: 2021, sourceType: 'module', globals: {} },
    rules: {
      // CloudFront calls `handler` by its name. The runtime has no `catch` without a binding.
      'no-unused-vars': ['error', { varsIgnorePattern: '^handler$', caughtErrors: 'none' }],
      'no-restricted-syntax': [
        'error',
        ...CLOUDFRONT_LACKS.map(([selector, what]) => ({
          selector,
          message: `Runtime 2.0 of CloudFront Functions does not list ${what}.`,
        })),
      ],
    },
  },
);
