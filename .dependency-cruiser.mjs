/**
 * Which folder may import which: the house of docs/architecture.md as rules. `scripts/` and `test/` may import anything;
 * test/scripts/structure.test.ts shows that each rule refuses what it should.
 */

/** What each folder may import besides itself. A folder that is not named in a row is forbidden to it. */
const MAY_IMPORT = {
  core: [],
  edge: [],
  clouds: ['core'],
  statemachines: ['core'],
  lambdas: ['core', 'clouds'],
  // The CDK reads lambdas by path only: what it deploys is bundled, never loaded at synthesis. edge/ is text to deploy.
  lib: ['core', 'statemachines', 'edge'],
  cli: ['core', 'clouds'],
  // A program of its own: no function and no stack loads it.
  mover: ['core', 'clouds'],
  // The world simulates the clouds below the adapters, and never looks at what the CDK makes of it.
  drill: ['core', 'clouds', 'lambdas', 'statemachines', 'edge'],
  bin: ['lib', 'core'],
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

const FOLDERS = [...Object.keys(MAY_IMPORT), 'scripts', 'test'];

const directions = Object.entries(MAY_IMPORT).map(([folder, allowed]) => {
  const forbidden = FOLDERS.filter((other) => other !== folder && !allowed.includes(other));
  return {
    name: `${folder}-imports`,
    severity: 'error',
    comment: `${folder}/ may import ${allowed.length === 0 ? 'no other folder' : allowed.join(', ')}.`,
    from: { path: `^${folder}/` },
    to: { path: `^(?:${forbidden.join('|')})/` },
  };
});

/** Everything that is deployed or installed at an operator's: it may use the `dependencies` of package.json only. */
const SHIPPED = '^(?:core|edge|clouds|statemachines|lambdas|cli|mover)/';
const EXEMPT = '^(?:scripts|test)/';

/** Dependency types that mean "somebody else's package". */
const PACKAGE = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];

const packages = [
  {
    name: 'core-is-pure',
    severity: 'error',
    comment: 'core/ decides; it uses zod and yaml, and neither Node nor an SDK.',
    from: { path: '^core/' },
    to: { dependencyTypes: [...PACKAGE, 'core'], pathNot: 'node_modules/(?:zod|yaml)/' },
  },
  {
    name: 'edge-uses-no-package',
    severity: 'error',
    comment: 'What runs at the edge is one file of CloudFront JavaScript; its loader needs Node alone.',
    from: { path: '^edge/' },
    to: { dependencyTypes: PACKAGE },
  },
  {
    name: 'aws-sdk-in-clouds',
    severity: 'error',
    comment: 'Only the adapters in clouds/ speak to AWS.',
    from: { pathNot: [EXEMPT, '^(?:clouds|bench)/'] },
    to: { path: 'node_modules/(?:@aws-sdk|@smithy)/' },
  },
  {
    name: 'azure-sdk-in-clouds',
    severity: 'error',
    comment:
      'Only the adapters in clouds/ speak to Azure, and the store of the mover; the drill answers in the transport of their pipeline.',
    from: { pathNot: [EXEMPT, '^(?:clouds|bench|mover/store)/'] },
    to: { path: 'node_modules/@azure/', pathNot: '^node_modules/@azure/core-rest-pipeline/' },
  },
  {
    name: 'azure-transport-below-clouds',
    severity: 'error',
    comment:
      "core-rest-pipeline is the adapters' transport, which the drill stands in for; " +
      'the lambdas hand it down and know its type only.',
    from: { pathNot: [EXEMPT, '^(?:clouds|drill|bench)/'] },
    to: { path: 'node_modules/@azure/core-rest-pipeline/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'powertools-in-entry',
    severity: 'error',
    comment: 'Logs, metrics and traces are set up in one place, where a function enters.',
    from: { pathNot: [EXEMPT, '^lambdas/entry\\.ts$'] },
    to: { path: 'node_modules/@aws-lambda-powertools/' },
  },
  {
    name: 'cdk-in-lib',
    severity: 'error',
    comment: 'Only lib/ and bin/ know the CDK.',
    from: { pathNot: [EXEMPT, '^(?:lib|bin)/'] },
    to: { path: 'node_modules/(?:aws-cdk-lib|cdk-nag|constructs)/' },
  },
  {
    name: 'no-dev-dependency-shipped',
    severity: 'error',
    comment: 'What is deployed must not need a development dependency.',
    from: { path: SHIPPED },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'no-undeclared-package',
    severity: 'error',
    comment: 'Every package that is imported stands in package.json with its exact version.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
];

const soundness = [
  {
    name: 'no-cycle',
    severity: 'error',
    comment: 'Two files that import each other are one idea in two places.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolves',
    severity: 'error',
    comment: 'An import that leads nowhere.',
    from: {},
    // `cloudfront` exists in CloudFront only, for the edge functions; `aws-lambda` is a package of types alone.
    to: { couldNotResolve: true, pathNot: '^(?:cloudfront|aws-lambda)$' },
  },
  {
    name: 'nobody-imports-test',
    severity: 'error',
    comment:
      'Tests use the code, never the other way round. The benchmarks start the same real servers as the tests.',
    from: { pathNot: '^(?:test|bench)/' },
    to: { path: '^test/' },
  },
];

export default {
  forbidden: [...directions, ...packages, ...soundness],
  options: {
    // Types count too: a folder that knows another's types depends on it.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:\\.node24|cdk\\.out|coverage|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
