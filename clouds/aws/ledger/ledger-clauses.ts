import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** The conditions that decide who may act, each under the name by which people speak of it. */
export const clauses = {
  /** Nobody holds the lease; true also where the workload has no lease item yet. */
  leaseIsFree: 'attribute_not_exists(#holder)',
  leaseHasExpired: '#expiresAt <= :now',
  cooldownHasEnded: '(attribute_not_exists(#cooldownUntil) OR #cooldownUntil <= :now)',
  /** False after a failover until a person acknowledges it. */
  automationIsArmed: 'attribute_not_exists(#disarmed)',
  holderIsStillUs: '#holder = :execution',
  epochIsOurs: '#epoch = :epoch',
  /** Nobody has taken the lease since we read it, so that the next epoch is the one that we counted. */
  epochIsAsRead: '#epoch = :epochAsRead',
  leaseWasNeverTaken: 'attribute_not_exists(#epoch)',
  /** Nobody has given an order to this run yet; what stands there is of an older one. */
  ordersAreOfAnotherRun: '(attribute_not_exists(#orders) OR NOT begins_with(#orders, :ordersOfRun))',
  /** Nobody has given an order since we read them. */
  ordersAreAsRead: '#orders = :ordersAsRead',
  /** False for a brake item that cannot be understood: what cannot be read counts as on. */
  brakeIsOff: '(attribute_not_exists(#pk) OR #on = :off)',
} as const;

export const allOf = (...conditions: readonly string[]): string => conditions.join(' AND ');
export const anyOf = (...conditions: readonly string[]): string => `(${conditions.join(' OR ')})`;

/** The names and values that expressions need, in the form of a DynamoDB request. */
interface Bindings {
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
}

/**
 * Binds exactly the placeholders that the expressions use: DynamoDB refuses a request with one too many, as it refuses
 * one with one too few. Every attribute is spelled `#name`, so that no reserved word (`on`, `status`) slips in.
 */
export function bind(
  expressions: readonly string[],
  values: Readonly<Record<string, AttributeValue>>,
): Bindings {
  const text = expressions.join(' ');
  const used = new Set(text.match(/[#:]\w+/g));
  const names = [...used].filter((name) => name.startsWith('#'));
  const bound = Object.entries(values).filter(([name]) => used.has(`:${name}`));
  return {
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    ExpressionAttributeValues: Object.fromEntries(bound.map(([name, value]) => [`:${name}`, value])),
  };
}

/** An update on a condition, in the form that both UpdateItem and a transaction take. */
export function updateIf(
  update: string,
  condition: string,
  values: Readonly<Record<string, AttributeValue>>,
): Bindings & { readonly UpdateExpression: string; readonly ConditionExpression: string } {
  return {
    UpdateExpression: update,
    ConditionExpression: condition,
    ...bind([update, condition], values),
  };
}
