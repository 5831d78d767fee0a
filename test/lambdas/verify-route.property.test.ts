import fc from 'fast-check';
import type { ProbeAnswer } from '../../core/watch/probe.ts';
import type { VerifyRouteOutput } from '../../lambdas/verify-route/verify-route.ts';
import { makeVerifyRoute } from '../../lambdas/verify-route/verify-route.ts';
import { config, lease, run } from './fixture.ts';
import {
  bad,
  blind,
  callOf,
  goodFrom,
  MemoryLedger,
  MemoryLog,
  MemoryRoutes,
  MemoryProber,
  VirtualClock,
} from './helpers.ts';

/*
 * Goal: whatever the places answer, `converged` means that each of them that has a say gave three good answers in a row from the wanted
 * origin just before; and a move that had them is not called off.
 * Method: a random sequence of answers for each place. What was really said is kept apart from the code and judged by a
 * rule written the other way round: by the last three answers, not by a running count.
 */

const STREAK = 3;
const ROUNDS_MAX = 31;
const wanted = goodFrom('standby');
const answer = fc.oneof(
  { weight: 6, arbitrary: fc.constant(wanted) },
  { weight: 1, arbitrary: fc.constantFrom(goodFrom('maintenance'), goodFrom('primary'), bad, blind) },
);
const answers = fc.array(answer, { minLength: ROUNDS_MAX, maxLength: ROUNDS_MAX });

const SILENCES_MAX = 3;

/** Whether a place has a say: it has answered, and has not fallen silent for the third time or more. */
const hasASay = (said: readonly ProbeAnswer[]): boolean => {
  const silences = said.filter((one) => one === blind).length;
  return silences < said.length && !(said.at(-1) === blind && silences >= SILENCES_MAX);
};

const endsInStreak = (said: readonly ProbeAnswer[]): boolean =>
  said.length >= STREAK && said.slice(-STREAK).every((one) => one === wanted);

describe('verify-route: any sequence of answers', () => {
  it('reports converged exactly at the first round after which every place has its streak', async () => {
    let converged = 0;
    await fc.assert(
      fc.asyncProperty(answers, answers, async (tokyo, dublin) => {
        const script: Readonly<Record<string, readonly ProbeAnswer[]>> = { tokyo, dublin };
        const said: Record<string, ProbeAnswer[]> = { tokyo: [], dublin: [] };
        const clock = new VirtualClock();
        const prober = new MemoryProber(clock, (place) => {
          const next = script[place]![said[place]!.length]!;
          said[place]!.push(next);
          return next;
        });
        const step = makeVerifyRoute({
          config,
          clock,
          log: new MemoryLog(),
          ledger: new MemoryLedger(),
          prober,
          routes: new MemoryRoutes(),
        });
        const input = { run, lease, origin: 'standby', movedAt: '2026-03-02T10:00:00.000Z' };
        const ended = await step(input, callOf(clock)).then(
          (output) => output as VerifyRouteOutput,
          (error: unknown) => error as Error,
        );

        const allAt = (round: number): boolean => {
          const heard = Object.values(script).map((all) => all.slice(0, round));
          const speaking = heard.filter(hasASay);
          return (
            speaking.length >= config.workloads['shop']!.policy.confirm.quorum.places &&
            speaking.every(endsInStreak)
          );
        };
        const rounds = Array.from({ length: ROUNDS_MAX }, (_, index) => index + 1);
        const first = rounds.find(allAt);
        if (ended instanceof Error) {
          expect(ended.name).toBe('NotConverged');
          expect(first).toBeUndefined();
          return;
        }
        converged += 1;
        expect(said['tokyo']).toHaveLength(first ?? 0);
        expect(Object.values(said).filter(hasASay).every(endsInStreak)).toBe(true);
      }),
      { numRuns: 300, seed: 20_260_302 },
    );
    expect(converged).toBeGreaterThan(200);
  });
});
