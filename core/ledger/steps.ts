/*
 * What of a run may be left out by a person's order, with what is lost by it; and what may not, with why. The names are those that people
 * type.
 */

type Skip =
  | { readonly may: true; readonly what: string; readonly lost: string }
  | { readonly may: false; readonly why: string };

const skips = {
  turn: {
    may: true,
    what: 'waiting for its turn among the workloads that fall together',
    lost: 'the order by priority, and the clouds may slow everybody down',
  },
  others: {
    may: true,
    what: 'waiting for the workloads that it depends on',
    lost: 'users may meet errors until those are on their standbys',
  },
  share: {
    may: true,
    what: 'holding the share of the users that is on the standby',
    lost: 'the proof that the standby bears this share; the next one follows at once',
  },
  confirmation: {
    may: false,
    why: 'without it a false alarm moves users; who knows of an outage vouches for it: pilotlight failover WORKLOAD --skip-confirmation',
  },
  approval: { may: false, why: 'it is other people’s to give: pilotlight approve WORKLOAD' },
  shield: { may: false, why: 'until it is up everywhere both sides could take writes' },
  standby: { may: false, why: 'users are never sent to a standby that was not seen healthy' },
  'last-data': { may: false, why: 'what was acknowledged and shipped would be missing' },
  'look-again': { may: false, why: 'a primary that is back needs no failover, and the look takes seconds' },
  verify: { may: false, why: 'nobody would know whether users are served' },
} as const satisfies Readonly<Record<string, Skip>>;

export type StepName = keyof typeof skips;
export const steps = Object.keys(skips) as [StepName, ...StepName[]];

export const skipOf = (step: StepName): Skip => skips[step];

/** Those that may be skipped. */
export const skippable: readonly StepName[] = steps.filter((step) => skips[step].may);
