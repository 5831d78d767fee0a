import { Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { ownForwardPattern, ownTriggersOf } from '../../../core/watch/detection.ts';
import { limitDelivery } from '../alarm/dead-letters.ts';
import { controllerBus } from './forward-rule.ts';
import { patternOf } from './start-rules.ts';

/** EventBridge takes 2,048 characters of a pattern; what stands around the names is below 200. */
const NAMES_CHARACTERS_MAX = 1_700;

export interface OwnAlarmRulesProps {
  readonly controller: Config['controller'];
  readonly workloads: Config['workloads'];
}

/**
 * Sends alarms that the sites have already to the controller's bus, by their whole names: in as many rules as their names need.
 * What cannot be delivered is given up after a quarter of an hour; by then the watch has asked for the run.
 */
export class OwnAlarmRules extends Construct {
  constructor(scope: Construct, id: string, { controller, workloads }: OwnAlarmRulesProps) {
    super(scope, id);
    const here = Stack.of(this).region;
    const alarms = Object.values(workloads)
      .flatMap(ownTriggersOf)
      .filter(({ region }) => region === here)
      .map(({ name }) => name);
    if (alarms.length === 0) return;
    const bus = controllerBus(this, { controller });
    // One for all rules: they send the same to the same bus, and a shard has room for 500 resources.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
      description: "Pilotlight: sends alarms of the sites' own to the controller",
    });
    for (const [index, names] of inParts(alarms).entries()) {
      const rule = new Rule(this, `Rule${index}`, {
        description: `Sends alarms of the sites' own to the controller in ${controller.region}`,
        eventPattern: patternOf(ownForwardPattern(names)),
        targets: [new EventBusTarget(bus, { role })],
      });
      limitDelivery(rule);
    }
  }
}

/** The names in their order, divided so that each part fits into a pattern. */
function inParts(names: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const name of names) {
    const part = parts.at(-1) ?? [];
    if (JSON.stringify([...part, name]).length <= NAMES_CHARACTERS_MAX) part.push(name);
    else parts.push([name]);
  }
  return parts;
}
