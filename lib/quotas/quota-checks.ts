import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
} from 'aws-cdk-lib';
import { mostOf, quotas } from './table.ts';
import { usageOf, type StackTemplate, type Template, type Usage } from './usage.ts';

/** What uses more of a quota than there is. */
export const exceededIn = (usages: readonly Usage[]): readonly Usage[] =>
  usages.filter(({ quota, region, used }) => used > mostOf(quota, region));

function templateAt(file: string): { readonly template: Template; readonly bytes: number } {
  const text = readFileSync(file);
  return { template: JSON.parse(text.toString()) as Template, bytes: text.byteLength };
}

/**
 * Refuses, when the stacks are made, what AWS would refuse when they are deployed: one resource too many fails a deployment
 * half way, a policy that is too long fails it with one alarm made and the other not. Only quotas that AWS raises for nobody
 * count here; docs/quotas.md lists the others.
 */
export class QuotaChecks implements IPolicyValidationPlugin {
  readonly name = 'Quotas';
  readonly ruleIds = Object.keys(quotas);

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const made = stackTemplates.map(
      ({ stackConstructPath, templatePath, region = 'an unknown Region' }): StackTemplate => ({
        stack: stackConstructPath,
        region,
        ...templateAt(templatePath),
      }),
    );
    const exceeded = exceededIn(usageOf(made)).filter(({ quota }) => !quotas[quota].raised);
    return {
      success: exceeded.length === 0,
      violations: exceeded.map(({ quota, of, region, used }) => ({
        ruleName: quota,
        description:
          `${of}: got ${used} ${quotas[quota].counts}, expected at most ${mostOf(quota, region)}. ` +
          `Source: ${quotas[quota].source}.`,
        violatingResources: [{ constructPath: of.split('/')[0] ?? of, locations: [] }],
      })),
    };
  }
}
