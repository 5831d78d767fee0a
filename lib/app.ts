import { Tags, Validations, type App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Config } from '../core/config/schema.ts';
import { placesOf } from '../core/watch/places.ts';
import { sitesOf } from './constructs/edge/site.ts';
import { detectionRegionsOf } from './constructs/watch/workload-alarms.ts';
import { ControllerStack } from './stacks/controller-stack.ts';
import { DetectionStack } from './stacks/detection-stack.ts';
import { EdgeStack } from './stacks/edge-stack.ts';
import { LedgerStack } from './stacks/ledger-stack.ts';
import { ProbeStack } from './stacks/probe-stack.ts';

/**
 * Makes every stack that a configuration needs, and has the AwsSolutions rules look at them. Nothing is looked up in an
 * account: the environment comes from the configuration alone.
 */
export function addStacks(app: App, config: Config): void {
  const sites = sitesOf(config);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
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
  for (const watched of detectionRegionsOf(config)) {
    const detection = new DetectionStack(app, `PilotlightDetection-${watched}`, {
      env: { account, region: watched },
      config,
    });
    // What rings must find the bus that listens.
    detection.addStackDependency(controller);
  }
  // No stack waits for these: the controller knows a distribution and its store by what the configuration says.
  for (const site of sites) {
    new EdgeStack(app, `PilotlightEdge-${site.workloadId}`, { controller: config.controller, site });
  }
}
