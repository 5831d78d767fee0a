import type { Random } from './clouds/wire/wire-shape.ts';

/** FNV-1a, 32 bit: turns a label into a number for the seed of its own stream. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/**
 * Repeatable randomness: the same seed gives the same draws. Each part of the world forks a stream of its own, so that
 * one more draw in one part moves nothing in the others.
 */
export class SeededRandom implements Random {
  private state: number;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.state = this.seed;
  }

  fork(label: string): SeededRandom {
    return new SeededRandom(Math.imul(this.seed ^ hash(label), 0x9e3779b1) ^ (hash(label) >>> 7));
  }

  /** In [0, 1). The mulberry32 generator by Tommy Ettinger (public domain): 32 bits of state suffice for a drill. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** In [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from: the list is empty');
    return item;
  }
}
