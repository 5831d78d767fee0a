import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { readConfig } from '../../../core/config/read.ts';
import { dataWith, problemsOf, SHIPPED_TEXT, shippedConfig } from '../config-fixture.ts';

describe('the shipped configuration', () => {
  it('is valid, and is the PetClinic system', () => {
    const config = readConfig(SHIPPED_TEXT);
    expect(config.controller).toMatchObject({ account: '111122223333', region: 'ap-northeast-1' });
    expect(Object.keys(config.workloads)).toEqual(['petclinic']);
    expect(config.workloads['petclinic']).toMatchObject({
      primary: { region: 'ap-northeast-2' },
      standby: { domainName: 'petclinic-standby.koreacentral.cloudapp.azure.com', tier: 'cold' },
      health: { path: '/actuator/health', deep: { path: '/owners?lastName=', contains: 'Owners' } },
      policy: { confirm: { quorum: { signals: 4, kinds: 2, places: 2 } } },
    });
  });

  it('tells editors on its first line where its schema is', () => {
    expect(SHIPPED_TEXT.split('\n')[0]).toBe('# yaml-language-server: $schema=./pilotlight.schema.json');
  });
});

describe('reading the configuration', () => {
  it.each([
    [
      'a: [1',
      'Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6',
    ],
    ['version: 1\nversion: 1', 'Map keys must be unique at line 2, column 1'],
    ['a: b: c', 'Nested mappings are not allowed in compact mappings at line 1, column 4'],
    [
      'a: 1\n---\nb: 2',
      'Source contains multiple documents, expected one: remove the second "---" at line 2, column 1',
    ],
  ])('says where the YAML %j cannot be read', (text, problem) => {
    expect(problemsOf(() => readConfig(text))).toEqual([problem]);
  });

  it('reports every syntax error', () => {
    expect(problemsOf(() => readConfig('a: 1\na: 2\nb: 1\nb: 2'))).toEqual([
      'Map keys must be unique at line 2, column 1',
      'Map keys must be unique at line 4, column 1',
    ]);
  });

  it('refuses an alias that leads nowhere', () => {
    expect(problemsOf(() => readConfig('version: *one'))).toEqual([
      'got YAML that does not unfold (Unresolved alias (the anchor must be set before the alias): one)',
    ]);
  });

  it('refuses a few aliases that would unfold to a huge document', () => {
    const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const lines = levels.map((name, index) => {
      const below = levels[index - 1];
      return `${name}: &${name} [${Array.from({ length: 10 }, () => (below === undefined ? '1' : `*${below}`)).join(', ')}]`;
    });
    expect(problemsOf(() => readConfig(lines.join('\n')))).toEqual([
      'got YAML that does not unfold (Excessive alias count indicates a resource exhaustion attack)',
    ]);
  });

  it('refuses a value that contains itself, with words for it', () => {
    expect(problemsOf(() => readConfig('version: &v [*v]'))).toEqual([
      'version: got something that contains itself, expected 1',
      'controller: got nothing, expected object',
      'workloads: got nothing, expected object',
    ]);
  });

  it('refuses an empty file', () => {
    expect(problemsOf(() => readConfig(''))).toEqual(['(the whole): got null, expected object']);
  });
});

describe('a configuration with several mistakes', () => {
  it('is refused with all of them at once, those between fields too', () => {
    const data = dataWith({
      version: 2,
      'controller.account': 'x',
      'controller.region': 'ap-northeast-2',
      'workloads.petclinic.standby.tier': 'hot',
      'workloads.petclinic.policy.confirm.quorum.signals': 9,
      'workloads.petclinic.limits.leaseSeconds': 200,
    });
    expect(problemsOf(() => parseConfig(data))).toEqual([
      'version: got 2, expected 1',
      'controller.account: got "x", expected a 12-digit AWS account id',
      'workloads.petclinic.standby.tier: got "hot", expected one of "cold"|"parked"|"warm"|"external"',
      'workloads.petclinic.primary.region: got "ap-northeast-2", expected another Region than controller.region: ' +
        'a controller must not die with what it protects',
      'workloads.petclinic.policy.confirm.quorum.signals: got 9, expected at most 8: ' +
        'so many can speak while ap-northeast-2 is silent',
      'workloads.petclinic.limits.leaseSeconds: got 200, expected at least 310: ' +
        'the longest step between two renewals, and a minute',
    ]);
  });

  it('is refused in one message with a line for each', () => {
    expect(() => parseConfig(dataWith({ version: 2, more: 1 }))).toThrow(
      'The configuration is not valid:\n' +
        '- version: got 2, expected 1\n' +
        '- more: got 1, an unknown field: remove it or correct its spelling',
    );
  });

  it('does not complain a second time about sections that are missing', () => {
    expect(problemsOf(() => parseConfig(dataWith({ 'workloads.petclinic': {} })))).toEqual([
      'workloads.petclinic.displayName: got nothing, expected string',
      'workloads.petclinic.url: got nothing, expected an https URL of a domain name',
      'workloads.petclinic.primary: got nothing, expected object',
      'workloads.petclinic.standby: got nothing, expected object',
      'workloads.petclinic.maintenance: got nothing, expected object',
      'workloads.petclinic.edge: got nothing, expected object',
      'workloads.petclinic.health: got nothing, expected object',
      'workloads.petclinic.policy: got nothing, expected object',
    ]);
    expect(
      problemsOf(() => parseConfig(dataWith({ 'workloads.petclinic': 3, 'controller.region': 4 }))),
    ).toEqual(['controller.region: got 4, expected string', 'workloads.petclinic: got 3, expected object']);
  });
});

describe('looking a workload up', () => {
  it('finds it by its id', () => {
    expect(workloadOf(shippedConfig(), 'petclinic').displayName).toBe('PetClinic');
  });

  it.each(['vets', 'constructor', '__proto__', ''])('refuses %j, which is none', (id) => {
    expect(problemsOf(() => workloadOf(shippedConfig(), id))).toEqual([
      `workload: got "${id}", expected one of petclinic`,
    ]);
  });
});
