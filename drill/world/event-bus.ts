import type { EventPattern } from '../../core/watch/detection.ts';
import type { SeededRandom } from '../random.ts';

/** From an alarm's Region to the controller's bus and into Step Functions; seconds. Assumed, AWS publishes no figure. */
const FORWARD_SECONDS = [0.4, 2] as const;

/** EventBridge, as far as the rule needs it: equality patterns, forwarding, at-least-once delivery. */
export class EventBus {
  private readonly pattern: EventPattern;
  private readonly random: SeededRandom;
  private readonly deliver: (event: Record<string, unknown>) => void;

  constructor(options: {
    readonly pattern: EventPattern;
    readonly random: SeededRandom;
    readonly deliver: (event: Record<string, unknown>) => void;
  }) {
    this.pattern = options.pattern;
    this.random = options.random;
    this.deliver = options.deliver;
  }

  put(event: Record<string, unknown>): void {
    if (!matches(this.pattern, event)) return;
    const [low, high] = FORWARD_SECONDS;
    setTimeout(
      () => {
        this.deliver(event);
      },
      this.random.between(low, high) * 1000,
    );
  }
}

/** Whether an event matches: every field of the pattern is there and has one of the listed values. */
export function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(event);
  if (typeof pattern !== 'object' || pattern === null || typeof event !== 'object' || event === null)
    return false;
  return Object.entries(pattern).every(([key, value]) =>
    matches(value, (event as Record<string, unknown>)[key]),
  );
}
