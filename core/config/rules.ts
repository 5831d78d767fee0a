import { checkOwnAlarms, warnOwnAlarms } from './rules/alarms.ts';
import { checkData, warnData } from './rules/data.ts';
import { checkShared, checkStack, checkStore, checkStrategy } from './rules/edge.ts';
import { warnControllerExamples, warnExamples } from './rules/examples.ts';
import { checkFence } from './rules/fence.ts';
import { checkDependencies } from './rules/fleet.ts';
import {
  checkAzureIds,
  checkIds,
  checkNames,
  checkPageTexts,
  checkPrimaryName,
  warnPageOnAws,
  warnPageTexts,
} from './rules/identity.ts';
import {
  checkConfirmSeconds,
  checkDatapoints,
  checkLimits,
  warnDetection,
  warnLooseLimits,
  warnTightLimits,
} from './rules/limits.ts';
import { checkParked, warnParked } from './rules/parked.ts';
import { checkPrincipals, warnApproval } from './rules/people.ts';
import { checkQuorum, checkRegions, warnPlaces, warnPrimaryRegion, warnQuorum } from './rules/places.ts';
import {
  checkApproval,
  checkCanary,
  checkFailback,
  checkHealth,
  checkStart,
  warnCanary,
  warnPolicy,
} from './rules/policy.ts';
import { checkLoadBalancer, checkPrimaryRegion, checkWebsiteEndpoints } from './rules/primary.ts';
import { checkRunner, warnRunner } from './rules/runner.ts';
import { checkSettling } from './rules/settle.ts';
import {
  checkExternalData,
  checkExternalStart,
  checkExternalTexts,
  warnExternalPlace,
} from './rules/standby.ts';
import type { CommonRule, ReadableConfig, Report, Rule } from './rules/subject.ts';

/* Every rule and every warning of the configuration, in the order in which they are told. */

const rules = {
  common: [checkIds, checkShared, checkOwnAlarms, checkDependencies],
  workload: [
    checkRegions,
    checkStore,
    checkNames,
    checkPrimaryName,
    checkLoadBalancer,
    checkPrimaryRegion,
    checkWebsiteEndpoints,
    checkFence,
    checkAzureIds,
    checkPageTexts,
    checkQuorum,
    checkCanary,
    checkStrategy,
    checkStack,
    checkHealth,
    checkStart,
    checkFailback,
    checkApproval,
    checkPrincipals,
    checkDatapoints,
    checkConfirmSeconds,
    checkLimits,
    checkSettling,
    checkData,
    checkExternalStart,
    checkExternalData,
    checkExternalTexts,
    checkParked,
    checkRunner,
  ],
} satisfies Ruleset;

const warnings = {
  common: [warnControllerExamples, warnPlaces],
  workload: [
    warnExamples,
    warnOwnAlarms,
    warnPrimaryRegion,
    warnPageOnAws,
    warnPageTexts,
    warnExternalPlace,
    warnQuorum,
    warnDetection,
    warnApproval,
    warnPolicy,
    warnCanary,
    warnTightLimits,
    warnLooseLimits,
    warnData,
    warnParked,
    warnRunner,
  ],
} satisfies Ruleset;

interface Ruleset {
  readonly common: readonly CommonRule[];
  readonly workload: readonly Rule[];
}

function tell({ common, workload: each }: Ruleset, config: ReadableConfig): string[] {
  const told: string[] = [];
  const say: Report = (path, words) => told.push(`${path}: ${words}`);
  for (const rule of common) rule(config, say);
  for (const [id, workload] of Object.entries(config.workloads)) {
    const at = `workloads.${id}`;
    const report: Report = (path, words) => say(path === '' ? at : `${at}.${path}`, words);
    for (const rule of each) rule({ id, controller: config.controller, workload, report });
  }
  return told;
}

/** What cannot succeed on the day, by rules that look at more than one field. Each names path, value and expectation. */
export const checkRules = (config: ReadableConfig): string[] => tell(rules, config);

/** What is allowed and dangerous. Each names path, value, what may come of it and what would be safer. */
export const warningsOf = (config: ReadableConfig): string[] => tell(warnings, config);
