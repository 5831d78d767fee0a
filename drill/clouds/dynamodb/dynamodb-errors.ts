/** An error that DynamoDB answers, by its name on the wire. */
export class DynamoDbError extends Error {
  override readonly name = 'DynamoDbError';
  readonly code: string;
  /** Members of the answer beside its message, such as the item that failed the condition. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.members = members;
  }
}

/** The request is wrong, whatever is in the table. */
export function validation(message: string): DynamoDbError {
  return new DynamoDbError('ValidationException', message);
}

/** The condition does not hold; the item goes along where the request asked for it. */
export function conditionFailed(item: Readonly<Record<string, unknown>> | null): DynamoDbError {
  const members = item === null ? {} : { Item: item };
  return new DynamoDbError('ConditionalCheckFailedException', 'The conditional request failed', members);
}
