import { openConfig } from '../../../core/config/open.ts';
import { workloadOf } from '../../../core/config/parse.ts';
import type { Workload } from '../../../core/config/schema.ts';
import { problemsOf, shippedConfig } from '../config-fixture.ts';

/** The shipped configuration as it is deployed, with the workloads of the case. */
const textWith = (workloads: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...shippedConfig(), workloads });
const petclinic = (): Workload => workloadOf(shippedConfig(), 'petclinic');

describe('openConfig', () => {
  it('opens a checked configuration as it was', () => {
    expect(openConfig(JSON.stringify(shippedConfig()))).toEqual(shippedConfig());
  });

  it('lists the workloads without looking into them', () => {
    const { workloads } = openConfig(textWith({ petclinic: petclinic(), broken: 7 }));
    expect(Object.keys(workloads)).toEqual(['petclinic', 'broken']);
    expect([Object.hasOwn(workloads, 'broken'), Object.hasOwn(workloads, 'constructor')]).toEqual([
      true,
      false,
    ]);
  });

  it('serves one workload whatever is wrong with another, which is refused when it is asked for', () => {
    const damaged = { ...petclinic(), url: 'ftp://example.com', displayName: undefined };
    const config = openConfig(textWith({ petclinic: petclinic(), damaged }));
    expect(workloadOf(config, 'petclinic')).toEqual(petclinic());
    expect(problemsOf(() => workloadOf(config, 'damaged'))).toEqual([
      'workloads.damaged.displayName: got nothing, expected string',
      'workloads.damaged.url: got "ftp://example.com", expected an https URL of nothing but the name, without port, path or query; did you mean "https://example.com"?',
    ]);
  });

  it('looks into a workload once, however often it is asked for', () => {
    const config = openConfig(JSON.stringify(shippedConfig()));
    expect(workloadOf(config, 'petclinic')).toBe(workloadOf(config, 'petclinic'));
  });

  it('refuses an id that it does not have, as any configuration does', () => {
    const config = openConfig(JSON.stringify(shippedConfig()));
    expect(problemsOf(() => workloadOf(config, '__proto__'))).toEqual([
      'workload: got "__proto__", expected one of petclinic',
    ]);
  });

  it.each([
    [
      'text that is no JSON',
      '{',
      [expect.stringMatching(/^got text that is no JSON \(.*\), expected an object$/)],
    ],
    ['no object', '7', ['(the whole): got 7, expected object']],
    [
      'an object without anything in it',
      '{}',
      [
        'version: got nothing, expected 1',
        'controller: got nothing, expected object',
        'workloads: got nothing, expected object',
      ],
    ],
  ])('refuses %s', (_, text, problems) => {
    expect(problemsOf(() => openConfig(text))).toEqual(problems);
  });
});
