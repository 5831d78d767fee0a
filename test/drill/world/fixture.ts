import type { Workload } from '../../../core/config/schema.ts';
import { SeededRandom } from '../../../drill/random.ts';
import { readScenario, type Scenario } from '../../../drill/scenario.ts';
import { StorageAccounts } from '../../../drill/world/data/storage-accounts.ts';
import { Journal } from '../../../drill/world/journal.ts';
import { buildSite, type Site } from '../../../drill/world/site.ts';
import { shipped } from '../fixture.ts';

/** The workload of the shipped configuration. */
export const petclinic = (): Workload => shipped().workloads['petclinic']!;

/** A warm outage of the whole Region, with something changed about it. */
export const scenarioOf = (changes: Partial<Scenario> = {}): Scenario => ({
  ...readScenario('region-outage-warm').scenario,
  ...changes,
});

/** The site on an ordinary night, and what is noted about it. */
export function siteOf(scenario: Scenario = scenarioOf()): {
  site: Site;
  journal: Journal;
  events: () => string[];
} {
  const journal = new Journal();
  const random = { random: new SeededRandom(1), azureRandom: new SeededRandom(2) };
  const store = new StorageAccounts().of('stpetclinicdata');
  const site = buildSite({ id: 'petclinic', workload: petclinic(), scenario, ...random, journal, store });
  return { site, journal, events: () => journal.entries.map(({ who, event }) => `${who}: ${event}`) };
}

/** Lets virtual time pass. */
export const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);
