/* What the controller orders of the two sides of the way home, as far as the world goes by it; read by the drill's own code. */

export type Side = 'primary' | 'standby';

const SIDES = {
  dump: 'standby',
  figures: 'standby',
  equal: 'standby',
  follow: 'standby',
  orphans: 'primary',
  gates: 'primary',
  load: 'primary',
  verify: 'primary',
  settle: 'primary',
  discard: 'primary',
} as const satisfies Record<string, Side>;
type What = keyof typeof SIDES;

/** Moments are milliseconds since the Unix epoch. */
export interface Order {
  readonly id: string;
  readonly until: number;
  readonly task: {
    readonly what: What;
    readonly since?: string | null;
    readonly dump?: string;
    readonly isLast?: boolean;
  };
}

export const sideOf = (what: What): Side => SIDES[what];

/** @throws Error on what no mover would take for an order */
export function readOrder(text: string): Order {
  const { id, until, task } = JSON.parse(text) as { id: string; until: string; task: Order['task'] };
  if (!Object.hasOwn(SIDES, task.what)) throw new Error(`no side knows what "${task.what}" is`);
  return { id, until: Date.parse(until), task };
}
