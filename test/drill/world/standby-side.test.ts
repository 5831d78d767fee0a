import { SeededRandom } from '../../../drill/random.ts';
import { Application } from '../../../drill/world/application.ts';
import { azureServices, identityServices, storageServices } from '../../../drill/world/azure-clouds.ts';
import { Cell } from '../../../drill/world/cell.ts';
import { StorageAccounts } from '../../../drill/world/data/storage-accounts.ts';
import { DevOpsTrouble } from '../../../drill/world/devops-trouble.ts';
import { Database } from '../../../drill/world/database.ts';
import { arrange } from '../../../drill/world/arrange.ts';
import { drilledStandby, drilledTier, ExternalSide } from '../../../drill/world/standby-side.ts';
import { readScenario } from '../../../drill/scenario.ts';
import { shipped } from '../fixture.ts';
import { petclinic, scenarioOf } from './fixture.ts';

/*
 * Goal: of a standby that is somebody else's nothing is in the simulated Azure, so that a call to it is a fault of the run;
 * and the truth about it is that of its application alone.
 */

const own = { domainName: 'nginx.elsewhere.net', tier: 'external' } as const;

describe('the standby of a drill', () => {
  it('has the tier of the scenario where the configuration has one in Azure', () => {
    const workload = petclinic();
    const { standby } = workload;
    expect(drilledTier(standby, scenarioOf({ tier: 'warm' }))).toBe('warm');
    expect(drilledStandby(workload, scenarioOf({ tier: 'warm' }))).toEqual({ ...standby, tier: 'warm' });
    expect(drilledStandby(workload, scenarioOf({ tier: 'external' }))).toEqual({
      domainName: 'petclinic-standby.koreacentral.cloudapp.azure.com',
      tier: 'external',
    });
  });

  it('is that of the configuration where it is external: it cannot be built', () => {
    expect(drilledStandby({ ...petclinic(), standby: own }, scenarioOf({ tier: 'cold' }))).toEqual(own);
  });
});

describe('the clouds of a drill', () => {
  const cellsFor = (name: string): readonly Cell[] => {
    const { scenario } = readScenario(name);
    const config = arrange(shipped(), scenario);
    const random = new SeededRandom(1);
    return Object.entries(config.workloads).map(
      ([id, workload]) =>
        new Cell({
          ...{ id, workload, config, scenario, random, azureRandom: random, journal: null },
          requestsPerSecond: 1,
          store: new StorageAccounts().of('stpetclinicdata'),
          regionAnswers: () => true,
          strayErrors: () => 0,
          leaseHolder: () => null,
          onAlarm: () => undefined,
        }),
    );
  };
  const servicesOf = (name: string): string[] => {
    const cells = cellsFor(name);
    const stores = new StorageAccounts();
    stores.of('stpetclinicdata');
    const all = [
      ...identityServices('111122223333', cells),
      ...azureServices(cells, stores, new DevOpsTrouble(undefined)),
      ...storageServices(stores, cells),
    ];
    return all.map((service) => service.name);
  };

  it('have an Azure for a standby that is there, and none for an external one', () => {
    expect(servicesOf('region-outage-warm')).toEqual([
      'sts',
      'entra',
      'azure-devops',
      'azure-arm',
      'azure-blob',
    ]);
    expect(servicesOf('external')).toEqual([]);
  });
});

describe('an external standby', () => {
  it('is fit as long as its application is well, and takes no time of its own', () => {
    const application = new Application('standby', {
      database: new Database(),
      condition: 'up',
      deepText: 'Owners',
    });
    const side = new ExternalSide(application);
    expect(side.fitForTraffic).toBe(true);
    expect(side.unavoidableSeconds()).toEqual({ prepare: 0, handover: 0 });
    application.condition = 'erring';
    expect(side.fitForTraffic).toBe(false);
  });
});
