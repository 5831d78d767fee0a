/* One world of the table at a time: virtual time replaces the clock of a whole thread. */
import { parentPort } from 'node:worker_threads';
import type { Config } from '../../core/config/schema.ts';
import type { Scenario } from '../scenario.ts';
import { measureHarm } from './harm.ts';
import { tableScenario } from './worlds.ts';

/** What a worker is asked. */
export interface HarmJob {
  readonly world: string;
  readonly tier: NonNullable<Scenario['tier']>;
  readonly seed: number;
  readonly config: Config;
  readonly minutes: number;
}

const port = parentPort;
if (port === null) throw new Error('drill/harm/worker.ts runs as a worker of drill/harm/table.ts');
port.on('message', (job: HarmJob) => {
  const { world, tier, ...order } = job;
  void measureHarm({ ...order, name: world, scenario: tableScenario(world, tier) }).then((harm) => {
    port.postMessage(harm);
  });
});
