import type { SafePoint } from '../../core/ledger/orders.ts';
import { choice, is, step, when, type Catcher, type States, type Step } from './shape.ts';

/*
 * What people tell a run. Its steps hear it when they renew the lease, and refuse to begin what cannot be undone; here is where that
 * leads. Without an order nothing of this is entered, so that it costs a run no second.
 */

/** Where the failures of a step lead whose run people may hold or cancel before it. Before the one for all others. */
export const orders = (leads: { readonly held?: string; readonly cancelled: string }): readonly Catcher[] => [
  ...(leads.held === undefined
    ? []
    : [{ next: leads.held, at: '$.order', errors: ['HeldByOrder'] } satisfies Catcher]),
  { next: leads.cancelled, at: '$.order', errors: ['CancelledByOrder'] },
];

/** A place where a run waits for whoever holds it. It goes on by itself when they say so. */
export const safePoint = (options: {
  /** The name of the state that waits, and of the question after it. */
  readonly name: string;
  readonly question: string;
  readonly point: SafePoint;
  readonly comment: string;
  readonly goesOn: string;
  readonly cancelled: string;
  readonly failure: Step['failure'];
}): States => ({
  [options.name]: step('hear-orders', {
    comment: options.comment,
    payload: { 'run.$': '$.run', 'lease.$': '$.lease.value', point: options.point },
    result: '$.heard',
    seconds: 845,
    retry: 'waits',
    failure: options.failure,
    next: options.question,
  }),
  [options.question]: choice(
    'It stands until somebody says how it goes on.',
    [
      when(is('$.heard.value.order', { StringEquals: 'hold' }), options.name),
      when(is('$.heard.value.order', { StringEquals: 'cancel' }), options.cancelled),
    ],
    options.goesOn,
  ),
});
