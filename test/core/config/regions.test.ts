import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  awsRegions,
  continentOf,
  expectedRegion,
  isOptIn,
  regionNames,
} from '../../../core/config/regions.ts';
import { parseConfig } from '../../../core/config/parse.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/** The SDK's table of partitions and their Regions, which AWS generates. */
const SDK_TABLE = path.join(
  import.meta.dirname,
  '../../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
);

/** The Regions of a partition of the SDK's table, without the pseudo Region for what is global. */
function regionsOfSdk(partition: string): string[] {
  const text = readFileSync(SDK_TABLE, 'utf8').split(`"id": "${partition}",`)[1]?.split('"id":')[0] ?? '';
  return [...text.matchAll(/"(?<name>[a-z-]+-\d)": \{/g)].map(({ groups }) => groups?.['name'] ?? '');
}

describe('the Regions that a configuration may name', () => {
  it('are those of the partition aws in the SDK', () => {
    expect([...regionNames].sort()).toEqual(regionsOfSdk('aws').sort());
    expect(regionNames).toHaveLength(36);
  });

  it('lie on a continent, each of them', () => {
    expect(regionNames.filter((name) => continentOf(name) === null)).toEqual([]);
    expect([continentOf('ca-west-1'), continentOf('il-central-1'), continentOf('xx-west-1')]).toEqual([
      'North America',
      'Middle East',
      null,
    ]);
  });

  it('are there from the beginning of an account only where AWS says so', () => {
    expect(awsRegions.filter(({ optIn }) => !optIn)).toHaveLength(17);
    expect([
      isOptIn('us-east-1'),
      isOptIn('ap-northeast-3'),
      isOptIn('af-south-1'),
      isOptIn('nowhere'),
    ]).toEqual([false, false, true, false]);
  });

  it.each(['aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f'])(
    'are not those of the partition %s, and the message says why',
    (partition) => {
      const others = regionsOfSdk(partition);
      expect(others.length).toBeGreaterThan(0);
      for (const name of others) expect(expectedRegion(name)).toMatch(/^a Region of the partition aws: /);
    },
  );
});

describe('a Region that does not exist', () => {
  it('is refused wherever it is named, with the nearest that do', () => {
    const changes = {
      'controller.region': 'eu-west-9',
      'controller.probeRegions': ['us-west-9', 'eu-central-1'],
    };
    expect(problemsOf(() => parseConfig(dataWith(changes)))).toEqual([
      'controller.region: got "eu-west-9", expected an AWS Region such as ap-northeast-2; ' +
        'did you mean "eu-west-1", "eu-west-2" or "eu-west-3"?',
      'controller.probeRegions.0: got "us-west-9", expected an AWS Region such as ap-northeast-2; ' +
        'did you mean "us-west-1" or "us-west-2"?',
    ]);
    expect(problemsOf(() => parseConfig(dataWithWorkload({ 'primary.region': 'Frankfurt' })))).toEqual([
      'workloads.petclinic.primary.region: got "Frankfurt", expected an AWS Region such as ap-northeast-2; ' +
        'did you mean "eu-central-1"?',
    ]);
  });
});
