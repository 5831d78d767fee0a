import * as z from 'zod';
import { PilotlightError } from '../core/errors.ts';
import type { Caller } from '../core/ledger/operations.ts';
import { shown } from '../core/problems.ts';
import type { Deps } from './command.ts';
import { refusal } from './exit.ts';

/** What stands in the history where AWS could not say who acts. */
const NOBODY = 'not known: STS did not answer';

/** Longest `requestedBy` that the workflows take. */
export const REQUESTED_BY_MAX = 200;

/** The last part of an ARN is what people know each other by: a user's name, or the name of a role's session. */
export const nameOf = (arn: string): string => arn.split('/').at(-1) ?? arn;

/**
 * Whom the credentials stand for. They must be of the controller's account: the names of its resources are the same in
 * every account, so that another account's brake would be pulled without a word.
 */
export async function requireCaller(deps: Deps): Promise<Caller> {
  const caller = await deps.caller();
  const { account } = deps.config.controller;
  if (caller.account === account) return caller;
  throw refusal(
    `Your credentials are of account ${caller.account} (${caller.arn}), and the controller is in ${account}; nothing was done.`,
    'Choose other credentials with --profile NAME, or another configuration with --config FILE.',
  );
}

/** The same for what must work while STS does not. */
export async function callerIfKnown(deps: Deps): Promise<{ readonly arn: string; readonly name: string }> {
  try {
    const { arn } = await requireCaller(deps);
    return { arn, name: nameOf(arn) };
  } catch (error) {
    if (!(error instanceof PilotlightError)) throw error;
    deps.out.warn(`Who you are could not be read, and is not recorded: ${error.message}`);
    return { arn: NOBODY, name: 'somebody' };
  }
}

/** Asks for a yes; --yes answers for programs and for people in a hurry. */
export async function requireYes(deps: Deps, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  const answer = await deps.ask(`${question} Type yes: `);
  if (answer === null) {
    throw refusal(
      'There is no terminal to ask on; nothing was done.',
      'Give --yes to go on without a question.',
    );
  }
  if (['y', 'yes'].includes(answer.trim().toLowerCase())) return;
  throw refusal(
    `Got ${shown(answer)}, expected yes; nothing was done.`,
    'Run the command again when you are sure.',
  );
}

/** Words that a person gives for the history. */
export const wordsSchema = z.string().trim().min(1).max(500);
/** A name to ask for afterwards. */
export const ownerSchema = z.string().trim().min(1).max(100);
export const switchSchema = z.boolean().default(false);
