import { json } from './azure-arm-door.ts';
import type { WireRequest, WireResponse } from '../wire/wire-shape.ts';

/**
 * Token buckets of a subscription in one Region: so many calls at once, and so many more each second. Source: Microsoft Learn,
 * "Understand how Azure Resource Manager throttles requests", subscription limits per Region.
 */
const BUCKETS = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
} as const;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Refuses what is too much for a subscription, with the seconds after which it would not be. */
export class ArmThrottle {
  private readonly buckets = new Map<string, Bucket>();

  /** @returns the refusal, or null where the call may go on. */
  refuse(request: WireRequest): WireResponse | null {
    const kind = request.method === 'GET' ? 'reads' : 'writes';
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1]?.toLowerCase() ?? '';
    const { size, perSecond } = BUCKETS[kind];
    const now = Date.now();
    const known = this.buckets.get(`${subscription} ${kind}`) ?? { tokens: size, filledAt: now };
    const tokens = Math.min(size, known.tokens + ((now - known.filledAt) / 1000) * perSecond);
    const taken = tokens >= 1;
    this.buckets.set(`${subscription} ${kind}`, { tokens: taken ? tokens - 1 : tokens, filledAt: now });
    if (taken) return null;
    return json(
      429,
      {
        error: {
          code: 'SubscriptionRequestsThrottled',
          message: `Number of '${kind}' requests for subscription '${subscription}' exceeded the limit. Please try again later.`,
        },
      },
      { 'retry-after': String(Math.ceil((1 - tokens) / perSecond)) },
    );
  }
}
