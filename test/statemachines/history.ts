import { nextOf, scopesOf, type Machine, type Scope, type State } from './machine.ts';

/*
 * How many events the states of a workflow leave in the history of an execution. Source: Step Functions API reference,
 * HistoryEvent: entered and exited for every state, and for a Task scheduled, started and succeeded besides, for one that
 * waits for its token submitted too.
 */

/** A Task that fails: scheduled, started, failed. */
const EVENTS_OF_A_RETRY = 3;

/** The events of one visit of a state; with retries, those of every attempt that it may have. */
export function eventsOf(state: State, { withRetries }: { readonly withRetries: boolean }): number {
  const isTask = state.Type === 'Task';
  const retries = (state.Retry ?? []).reduce((sum, { MaxAttempts = 3 }) => sum + MaxAttempts, 0);
  const callback = state.Resource?.endsWith('.waitForTaskToken') === true ? 1 : 0;
  return 2 + (isTask ? 3 + callback : 0) + (isTask && withRetries ? retries * EVENTS_OF_A_RETRY : 0);
}

const reachableFrom = (scope: Scope, name: string): Set<string> => {
  const reached = new Set<string>();
  const toVisit = [name];
  for (let at = toVisit.pop(); at !== undefined; at = toVisit.pop()) {
    for (const next of nextOf(scope.States[at] ?? { Type: 'Fail' })) {
      if (reached.has(next)) continue;
      reached.add(next);
      toVisit.push(next);
    }
  }
  return reached;
};

/** Every loop of a workflow: its states, and the events of a round through all of them in which nothing is repeated. */
export function loopsOf(machine: Machine): { readonly states: readonly string[]; readonly events: number }[] {
  return scopesOf(machine).flatMap((scope) => {
    const reach = new Map(Object.keys(scope.States).map((name) => [name, reachableFrom(scope, name)]));
    const loops = new Map<string, readonly string[]>();
    for (const [name, reached] of reach) {
      if (!reached.has(name)) continue;
      const states = [...reached].filter((other) => reach.get(other)?.has(name) === true).sort();
      loops.set(states.join('\n'), states);
    }
    return [...loops.values()].map((states) => ({
      states,
      events: states
        .map((name) => eventsOf(scope.States[name] ?? { Type: 'Fail' }, { withRetries: false }))
        .reduce((sum, events) => sum + events, 0),
    }));
  });
}
