import { Tags, Validations, type App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Config } from '../core/config/schema.ts';
import { placesOf } from '../core/watch/places.ts';
import { sitesOf } from './constructs/edge/site.ts';
import { alarmsOf, ownTriggersOf } from '../core/watch/detection.ts';
import { shardOf } from './fleet.ts';
import { AlarmsStack } from './stacks/alarms-stack.ts';
import { QuotaChecks } from './quotas/quota-checks.ts';
import { ControllerStack } from './stacks/controller-stack.ts';
import { DetectionStack } from './stacks/detection-stack.ts';
import { EdgeStack } from './stacks/edge-stack.ts';
import { LedgerStack } from './stacks/ledger-stack.ts';
import { ProbeStack } from './stacks/probe-stack.ts';

/**
 * Makes every stack that a configuration needs, and has the AwsSolutions rules and AWS's quotas look at them. Nothing is looked up in an
 * account: the environment comes from the configuration alone.
 */
export function addStacks(app: App, config: Config): void {
  const sites = sitesOf(config);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }), new QuotaChecks());
  Tags.of(app).add('project', 'pilotlight');
  const { account, region } = config.controller;
  const home = { account, region };
  for (const place of placesOf(config)) {
    new ProbeStack(app, `PilotlightProbe-${place}`, { env: { account, region: place }, config });
  }
  const ledger = new LedgerStack(app, 'PilotlightLedger', { env: home });
  const controller = new ControllerStack(app, 'PilotlightController', {
    env: home,
    config,
    ledger: ledger.table,
  });
  addDetection(app, config, controller);
  // No stack waits for these: the controller knows a distribution and its store by what the configuration says.
  for (const site of sites) {
    new EdgeStack(app, `PilotlightEdge-${site.workloadId}`, { controller: config.controller, site });
  }
}

/**
 * In each Region that some alarm lives in: what sends alarms on, and the alarms, in shards. In its own Region the controller
 * hears them itself.
 */
function addDetection(app: App, config: Config, controller: ControllerStack): void {
  const { account, region: home } = config.controller;
  for (const [region, shards] of shardsOf(config)) {
    const env = { account, region };
    const isOurs = Object.entries(config.workloads).some(([id, workload]) =>
      alarmsOf(id, workload, home).some((alarm) => alarm.region === region),
    );
    // Alarms of the sites' own bring the rules that send them on.
    const listener =
      region === home || !isOurs
        ? controller
        : new DetectionStack(app, `PilotlightDetection-${region}`, { env, config });
    // What is sent on must find the bus that listens.
    if (listener !== controller) listener.addStackDependency(controller);
    for (const [shard, workloads] of shards) {
      const alarms = new AlarmsStack(app, `PilotlightDetection-${region}-${shard}`, {
        ...{ env, workloads, controller: config.controller },
      });
      // An alarm that rings before anybody sends it on would ring for nobody.
      alarms.addStackDependency(listener);
    }
  }
}

/** The workloads with alarms in a Region, ours or named ones that start runs, by Region and shard. */
function shardsOf(config: Config): ReadonlyMap<string, ReadonlyMap<string, Config['workloads']>> {
  const regions = new Map<string, Map<string, Config['workloads']>>();
  for (const [id, workload] of Object.entries(config.workloads)) {
    for (const { region } of [
      ...alarmsOf(id, workload, config.controller.region),
      ...ownTriggersOf(workload),
    ]) {
      const shards = regions.get(region) ?? new Map<string, Config['workloads']>();
      regions.set(region, shards.set(shardOf(id), { ...shards.get(shardOf(id)), [id]: workload }));
    }
  }
  return regions;
}
