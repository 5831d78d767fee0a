import type { SeededRandom } from '../random.ts';

/** From an alarm's Region to the controller's bus and into Step Functions; seconds. Assumed, AWS publishes no figure. */
const FORWARD_SECONDS = [0.4, 2] as const;

/** EventBridge, as far as the rule needs it: equality and prefix patterns, forwarding, at-least-once delivery. */
export class EventBus {
  private readonly pattern: unknown;
  private readonly random: SeededRandom;
  private readonly deliver: (event: Record<string, unknown>) => void;

  constructor(options: {
    readonly pattern: unknown;
    readonly random: SeededRandom;
    readonly deliver: (event: Record<string, unknown>) => void;
  }) {
    this.pattern = options.pattern;
    this.random = options.random;
    this.deliver = options.deliver;
  }

  /** @returns whether the rule takes the event. */
  put(event: Record<string, unknown>): boolean {
    if (!matches(this.pattern, event)) return false;
    const [low, high] = FORWARD_SECONDS;
    setTimeout(
      () => {
        this.deliver(event);
      },
      this.random.between(low, high) * 1000,
    );
    return true;
  }
}

/** Whether an event matches: every field of the pattern is there, and one of the listed values or beginnings is its own. */
export function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((wanted) => matchesValue(wanted, event));
  if (typeof pattern !== 'object' || pattern === null || typeof event !== 'object' || event === null)
    return false;
  return Object.entries(pattern).every(([key, value]) =>
    matches(value, (event as Record<string, unknown>)[key]),
  );
}

/** A value of a list: itself, or the beginning that a text must have. */
function matchesValue(wanted: unknown, got: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === got;
  const { prefix } = wanted as { readonly prefix?: unknown };
  // A comparison that is not known here must not look as if nothing had matched it.
  if (typeof prefix !== 'string') {
    throw new Error(
      `The event bus got the pattern ${JSON.stringify(wanted)}, expected a value or a {"prefix": text}; teach it here.`,
    );
  }
  return typeof got === 'string' && got.startsWith(prefix);
}
