import { failureText, type WorkflowState } from './state.ts';
import { everybodyIsOn } from './world.ts';

/**
 * What became of a parked standby that the run has woken, in sentences; nothing for every other tier, and where users are on it.
 */
export function parkedTexts(state: WorkflowState): string[] {
  const { plan, parked, parkFailure, world, run } = state;
  if (plan?.tier !== 'parked' || run.dryRun || world === undefined) return [];
  const { workload } = run;
  if (parkFailure !== undefined) {
    const why = failureText(parkFailure);
    return [
      `The standby could not be parked again (${why}) and costs money while it is awake: pilotlight park ${workload}.`,
    ];
  }
  if (parked?.value.parked === true) return [`The standby is parked again: ${parked.value.detail}.`];
  if (parked !== undefined || everybodyIsOn(world.value, 'standby') || everybodyIsOn(world.value, 'primary'))
    return [];
  return [
    `The standby stays as it is, awake or waking, for whoever goes on; when nobody needs it: pilotlight park ${workload}.`,
  ];
}
