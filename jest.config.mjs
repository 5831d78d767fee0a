/** Tests run from TypeScript through swc, as CommonJS: jest's module registry then needs no experimental flag. */
export default {
  testEnvironment: '<rootDir>/test/plain-environment.ts',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  // Jest leaves one core free; on two cores that is half of the machine.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'commonjs' } },
    ],
  },
  // Some packages ship ES modules only; jest runs CommonJS, so they are compiled like our own files.
  transformIgnorePatterns: ['/node_modules/(?!(?:aws-local-stepfunctions|asl-validator)/)'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.node24', '<rootDir>/dist'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['core/**/*.ts', 'lambdas/**/*.ts', 'clouds/**/*.ts'],
};
