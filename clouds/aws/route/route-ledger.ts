import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Behaviour, RouteRecord } from '../../../core/route/distribution.ts';
import { CloudAnswerUnreadable, LeaseLost } from '../../../core/errors.ts';
import { routeSchema, type Route } from '../../../core/route/route.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { updateIf } from '../ledger/ledger-clauses.ts';
import { flag, number, text, type ItemKey } from '../ledger/ledger-items.ts';
import { translate } from '../errors.ts';

const GET = 'DynamoDB GetItem';
const UPDATE = 'DynamoDB UpdateItem';

const itemSchema = z.object({
  route: z.object({ S: z.string() }),
  home: z.object({ S: z.string() }),
  settled: z.object({ BOOL: z.boolean() }),
});
const homeSchema = z.array(
  z.object({ pathPattern: z.string().min(1).nullable(), originId: z.string().min(1) }),
);

/** A write to the ledger that says what the distribution is about to be told. */
export interface RouteClaim {
  readonly workload: string;
  readonly route: Route;
  readonly home: readonly Behaviour[];
  /** The epoch of the record that the move was decided on; null where there was none. */
  readonly epochAsRead: number | null;
}

/** The routes of distributions in the ledger table: `pk` is the workload, `sk` is `route`. */
export interface RouteLedger {
  read(workload: string): Promise<RouteRecord | null>;
  /**
   * Claims the route before the distribution is touched. Asking again with the same claim is harmless.
   * @returns false when another claim came first.
   * @throws LeaseLost when that one was made under a newer fence.
   */
  claim(claim: RouteClaim): Promise<boolean>;
  /** Notes that the claim of this epoch was seen everywhere. False when a newer claim stands there. */
  settle(workload: string, epoch: number): Promise<boolean>;
}

/** The conditions, each under the name by which people speak of it. */
const clauses = {
  nothingWasEverClaimed: 'attribute_not_exists(#epoch)',
  epochIsAsRead: '#epoch = :epochAsRead',
  /** A lease that was taken after ours has a larger fence, and its word stands. */
  fenceIsNoNewer: '#fence <= :fence',
  epochIsOurs: '#epoch = :epoch',
} as const;

const keyOf = (workload: string): ItemKey => ({ pk: text(`workload#${workload}`), sk: text('route') });

export function makeRouteLedger(options: AwsAccess & { readonly tableName: string }): RouteLedger {
  const client = lazily(() => new DynamoDBClient(clientOptions(options)));
  const TableName = options.tableName;
  async function update(workload: string, expression: ReturnType<typeof updateIf>): Promise<UpdateResult> {
    const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';
    try {
      const key = { TableName, Key: keyOf(workload) };
      await client().send(
        new UpdateItemCommand({ ...key, ReturnValuesOnConditionCheckFailure, ...expression }),
      );
      return { done: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw translate(UPDATE, error);
      return { done: false, found: error.Item === undefined ? null : recordOf(UPDATE, error.Item) };
    }
  }
  return {
    async read(workload) {
      try {
        // Consistent: an old copy would let a move be decided on a route that is gone.
        const command = new GetItemCommand({ TableName, Key: keyOf(workload), ConsistentRead: true });
        const { Item } = await client().send(command);
        return Item === undefined ? null : recordOf(GET, Item);
      } catch (error) {
        throw translate(GET, error);
      }
    },
    async claim(claim) {
      const result = await update(claim.workload, claimUpdate(claim));
      return result.done || isAccepted(claim, result.found);
    },
    async settle(workload, epoch) {
      const values = { settled: flag(true), epoch: number(epoch) };
      return (await update(workload, updateIf('SET #settled = :settled', clauses.epochIsOurs, values))).done;
    },
  };
}

/** An update that either holds its condition or says what stood against it. */
type UpdateResult = { readonly done: true } | { readonly done: false; readonly found: RouteRecord | null };

function claimUpdate({ route, home, epochAsRead }: RouteClaim) {
  const condition =
    epochAsRead === null
      ? clauses.nothingWasEverClaimed
      : `${clauses.epochIsAsRead} AND ${clauses.fenceIsNoNewer}`;
  // Epoch and fence stand beside the route as numbers, because conditions cannot look into it.
  return updateIf(
    'SET #route = :route, #home = :home, #settled = :settled, #epoch = :epoch, #fence = :fence',
    condition,
    {
      route: text(JSON.stringify(route)),
      home: text(JSON.stringify(home)),
      settled: flag(false),
      epoch: number(route.epoch),
      fence: number(route.fence),
      epochAsRead: number(epochAsRead ?? 0),
    },
  );
}

/** What a refused claim means: our own first attempt, a newer lease, or somebody who was quicker. */
function isAccepted({ workload, route }: RouteClaim, found: RouteRecord | null): boolean {
  if (found === null) return false;
  if (found.route.fence > route.fence) throw leaseLost(workload, route, found.route);
  // The SDK repeats a call whose answer was lost, and finds what it wrote itself.
  return JSON.stringify(found.route) === JSON.stringify(route);
}

/** The error of a writer whose fence is older than the one in the ledger. */
export function leaseLost(workload: string, ours: Route, theirs: Route): LeaseLost {
  return new LeaseLost(
    `The route of ${workload} was claimed under fence ${theirs.fence} by ${theirs.by}, ours is ${ours.fence}: another ` +
      'execution has acted since. This one stops; what the other one does is in its own record.',
  );
}

function recordOf(call: string, item: Record<string, AttributeValue>): RouteRecord {
  const { route, home, settled } = readAnswer(call, itemSchema, item);
  return {
    route: readAnswer(call, routeSchema, parseJson(call, route.S)),
    home: readAnswer(call, homeSchema, parseJson(call, home.S)),
    settled: settled.BOOL,
  };
}

function parseJson(call: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new CloudAnswerUnreadable(call, [`the item of the route is not JSON: ${json.slice(0, 80)}`]);
  }
}
