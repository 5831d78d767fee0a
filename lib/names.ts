import { LEDGER_TABLE, LOOK_QUEUE } from '../core/names.ts';
import type { FunctionName, SlackFunctionName, WatchFunctionName } from '../core/functions.ts';

/** The parts of Pilotlight; in one Region they may stand side by side. */
export type Part = 'controller' | 'detection';

/**
 * The names that people, runbooks and other clouds know our resources by. They are fixed on purpose: an alarm text, a
 * command in the runbook and the trust in Entra ID must survive every deployment. One controller an account follows.
 */
export const names = {
  ledgerTable: LEDGER_TABLE,
  lookQueue: LOOK_QUEUE,
  lookRule: 'pilotlight-looks',
  dataRule: 'pilotlight-data',
  parkedRule: 'pilotlight-parked',
  spreadRule: 'pilotlight-spread',
  runsRule: 'pilotlight-runs',
  eventBus: 'pilotlight',
  startRule: 'pilotlight-start',
  startHereRule: 'pilotlight-start-here',
  forwardRule: 'pilotlight-forward',
  /** Subject of the federated credential in Entra ID, so a rename cuts the controller off from Azure. */
  azureRole: 'pilotlight-azure',
  onCallTopic: (part: Part): string => `pilotlight-${part}-on-call`,
  slackApi: 'pilotlight-slack',
  deadLetters: (part: Part): string => `pilotlight-${part}-dead-letters`,
  function: (name: FunctionName | SlackFunctionName | WatchFunctionName): string => `pilotlight-${name}`,
} as const;
