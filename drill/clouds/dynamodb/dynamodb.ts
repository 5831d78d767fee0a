import { jsonAnswer, requestIds, signatureProblem } from '../aws/aws-wire.ts';
import { DynamoDbError, validation } from './dynamodb-errors.ts';
import { query } from './dynamodb-query.ts';
import { choiceMember, keyText, membersOf, parseKey, tableOf, textMember } from './dynamodb-table.ts';
import type { DynamoDbState } from './dynamodb-table.ts';
import type { Item } from './dynamodb-value.ts';
import { commit, parseWrite, tryWrite, type Write, type WriteKind } from './dynamodb-write.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

export { makeDynamoDbState } from './dynamodb-table.ts';
export type { DynamoDbState } from './dynamodb-table.ts';

/*
 * The DynamoDB of one Region, as far as a ledger needs it. One call is one moment: nothing else happens between the
 * look at a condition and the write, which is what makes conditional writes decide races.
 */

const TARGET = 'DynamoDB_20120810.';
const NAMESPACE = 'com.amazonaws.dynamodb.v20120810#';
const TRANSACTION_MAX = 100;
/** Source: API reference of TransactWriteItems, ClientRequestToken. */
const IDEMPOTENCY_MS = 10 * 60_000;
const WRITE_KINDS: readonly WriteKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];
const RETURNS = ['NONE', 'ALL_OLD'] as const;
const UPDATE_RETURNS = ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'] as const;

type Operation = (state: DynamoDbState, raw: unknown) => Record<string, unknown>;

const only = (item: Item, names: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

const attributes = (item: Item | null): Record<string, unknown> =>
  item === null || Object.keys(item).length === 0 ? {} : { Attributes: item };

const getItem: Operation = (state, raw) => {
  const members = membersOf(raw, ['TableName', 'Key', 'ConsistentRead']);
  const table = tableOf(state, members);
  const item = table.items.get(keyText(table, parseKey(table, members['Key'])));
  return item === undefined ? {} : { Item: item };
};

const putOrDelete =
  (kind: 'Put' | 'Delete'): Operation =>
  (state, raw) => {
    const { write, members } = parseWrite(state, kind, { raw, alsoKnown: ['ReturnValues'] });
    const returned = choiceMember(members, 'ReturnValues', RETURNS);
    const { before, after } = tryWrite(write);
    commit(write, after);
    return returned === 'NONE' ? {} : attributes(before);
  };

const updateItem: Operation = (state, raw) => {
  const { write, members } = parseWrite(state, 'Update', { raw, alsoKnown: ['ReturnValues'] });
  const returned = choiceMember(members, 'ReturnValues', UPDATE_RETURNS);
  const { before, after } = tryWrite(write);
  commit(write, after);
  if (returned === 'NONE') return {};
  const item = returned.endsWith('OLD') ? before : after;
  return attributes(item === null || returned.startsWith('ALL') ? item : only(item, write.touched));
};

const transactionEntries = (raw: unknown): readonly unknown[] => {
  if (!Array.isArray(raw) || raw.length === 0) {
    throw validation(
      "Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (raw.length > TRANSACTION_MAX) {
    throw validation(
      `Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${TRANSACTION_MAX}`,
    );
  }
  return raw;
};

const parseTransaction = (state: DynamoDbState, raw: unknown): Write[] => {
  const writes = transactionEntries(raw).map((entry) => {
    const members = membersOf(entry, WRITE_KINDS);
    const [kind, ...others] = WRITE_KINDS.filter((candidate) => members[candidate] !== undefined);
    if (kind === undefined || others.length > 0) {
      throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return parseWrite(state, kind, { raw: members[kind], alsoKnown: [] }).write;
  });
  const places = new Set(writes.map((write) => `${write.table.name} ${write.key}`));
  if (places.size < writes.length) {
    throw validation('Transaction request cannot include multiple operations on one item');
  }
  return writes;
};

/** What stands against one write of a transaction, as a cancellation reason. */
const reasonOf = (error: unknown): { readonly Code: string; readonly Message: string } => {
  if (!(error instanceof DynamoDbError)) throw error;
  const code =
    error.code === 'ConditionalCheckFailedException' ? 'ConditionalCheckFailed' : 'ValidationError';
  return { Code: code, Message: error.message, ...error.members };
};

const transactWriteItems: Operation = (state, raw) => {
  const members = membersOf(raw, ['TransactItems', 'ClientRequestToken']);
  const token = textMember(members, 'ClientRequestToken');
  const fingerprint = JSON.stringify(members['TransactItems']);
  const done = token === undefined ? undefined : state.transactions.get(token);
  if (done !== undefined && Date.now() - done.at < IDEMPOTENCY_MS) {
    if (done.fingerprint === fingerprint) return {};
    throw new DynamoDbError(
      'IdempotentParameterMismatchException',
      'Different parameters under the same client request token',
    );
  }
  const outcomes = parseTransaction(state, members['TransactItems']).map((write) => {
    try {
      const { after } = tryWrite(write);
      return { write, after, reason: { Code: 'None' } };
    } catch (error) {
      return { write, after: null, reason: reasonOf(error) };
    }
  });
  const reasons = outcomes.map((outcome) => outcome.reason);
  const codes = reasons.map((reason) => reason.Code);
  if (codes.some((code) => code !== 'None')) {
    throw new DynamoDbError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
      { CancellationReasons: reasons },
    );
  }
  for (const { write, after } of outcomes) commit(write, after);
  if (token !== undefined) state.transactions.set(token, { fingerprint, at: Date.now() });
  return {};
};

const transactGetItems: Operation = (state, raw) => {
  const members = membersOf(raw, ['TransactItems']);
  const responses = transactionEntries(members['TransactItems']).map((entry) =>
    getItem(state, membersOf(entry, ['Get'])['Get']),
  );
  return { Responses: responses };
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GetItem: getItem,
  PutItem: putOrDelete('Put'),
  UpdateItem: updateItem,
  DeleteItem: putOrDelete('Delete'),
  Query: query,
  TransactWriteItems: transactWriteItems,
  TransactGetItems: transactGetItems,
};

const errorAnswer = (error: DynamoDbError, requestId: string): WireResponse => {
  // The coral framework's own errors, and validation's, live in another namespace on the wire.
  const namespace = error.code === 'ValidationException' ? 'com.amazon.coral.validate#' : NAMESPACE;
  // Errors of a transaction spell their message with a capital letter; the SDK reads both.
  const message =
    error.code === 'TransactionCanceledException' ? { Message: error.message } : { message: error.message };
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ __type: `${namespace}${error.code}`, ...message, ...error.members }),
  };
};

const parseBody = (request: WireRequest): unknown => {
  try {
    return JSON.parse(request.body);
  } catch {
    throw new DynamoDbError('SerializationException', 'Unexpected content in the request body');
  }
};

/** The DynamoDB of `state.region`. Host and protocol: AWS JSON 1.0, checked against @aws-sdk/client-dynamodb. */
export function dynamoDbService(state: DynamoDbState): Service {
  const nextId = requestIds(`dynamodb/${state.region}`);
  const host = `dynamodb.${state.region}.amazonaws.com`;
  return {
    name: 'dynamodb',
    handles: (request) => request.host === host,
    answer: (request) => {
      const target = request.headers['x-amz-target'] ?? '';
      const operation = target.startsWith(TARGET) ? OPERATIONS[target.slice(TARGET.length)] : undefined;
      if (operation === undefined)
        throw new UnexpectedCall(`the simulated DynamoDB does not know the operation "${target}"`);
      const requestId = nextId();
      try {
        const problem = signatureProblem(request, { region: state.region, service: 'dynamodb' });
        if (problem !== null) throw new DynamoDbError(problem.code, problem.message);
        return jsonAnswer(operation(state, parseBody(request)), requestId);
      } catch (error) {
        if (error instanceof DynamoDbError) return errorAnswer(error, requestId);
        throw error;
      }
    },
  };
}
