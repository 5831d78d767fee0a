import { all, any, choice, isPresent, isTrue, not, step, when, type State, type Step } from '../shape.ts';
import { isPlanned } from './planned.ts';

/* The primary is looked at while other things take their time, and once more before the switch. */

/** It changes what the run does only where users are on the primary, or left it by plan. */
export const wentDown = all(any(not(isPresent('$.shield')), isPlanned), isTrue('$.watch.value.down'));

/** One look; what it comes to is in `$.watch.value`. */
export const lookAtPrimary = (
  comment: string,
  { mayHold, ...leads }: Required<Pick<Step, 'retry' | 'failure' | 'next'>> & { readonly mayHold?: true },
): State =>
  step('confirm-outage', {
    comment,
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      purpose: 'watch',
      'failedWaysHome.$': '$.waysHome.failed',
      'move.$': '$.plan.move',
      ...(mayHold === undefined ? {} : { mayHold }),
    },
    result: '$.watch',
    seconds: 255,
    ...leads,
  });

/** What a look comes to while a standby wakes or turns healthy: home, a failover at once, or on with the waiting. */
export const isPrimaryBack = (otherwise: string): State =>
  choice(
    'As while the pipeline runs.',
    [
      when(isTrue('$.watch.value.recovered'), 'The primary is back'),
      when(all(isPresent('$.shield'), isTrue('$.watch.value.trial')), 'The primary is back'),
      when(wentDown, 'The primary went down'),
    ],
    otherwise,
  );
