import { makeRouteLedger, type RouteClaim } from '../../../../clouds/aws/route/route-ledger.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable, LeaseLost } from '../../../../core/errors.ts';
import type { Route } from '../../../../core/route/route.ts';
import { dynamoDbService, makeDynamoDbState } from '../../../../drill/clouds/dynamodb/dynamodb.ts';
import { Network } from '../../../../drill/clouds/wire/wire.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, rejectionOf } from '../helpers.ts';
import { item } from '../ledger/ledger-fixtures.ts';

const TABLE = 'pilotlight-ledger';
const home = [
  { pathPattern: null, originId: 'alb' },
  { pathPattern: '/legacy/*', originId: 'azure' },
];
const routeOf = (epoch: number, fence: number, more: Partial<Route> = {}): Route => ({
  v: 1,
  origin: 'standby',
  epoch,
  fence,
  by: `run-${fence}`,
  at: '2026-11-23T00:00:00.000Z',
  ...more,
});
const claimOf = (route: Route, epochAsRead: number | null): RouteClaim => ({
  workload: 'petclinic',
  route,
  home,
  epochAsRead,
});

/** The ledger over a simulated DynamoDB. */
function realLedger() {
  const state = makeDynamoDbState('us-west-2', [
    { name: TABLE, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  const transport = new Network({ services: [dynamoDbService(state)] }).awsRequestHandler();
  const { access } = awsAnswering();
  return makeRouteLedger({ ...access, transport, tableName: TABLE });
}

const ledgerAnswering = (...answers: Answer[]) => {
  const { access, sent } = awsAnswering(...answers);
  return { ledger: makeRouteLedger({ ...access, tableName: TABLE }), sent };
};

describe('the route in the ledger', () => {
  it('is nothing before the first claim, and the claim afterwards', async () => {
    const ledger = realLedger();
    expect(await ledger.read('petclinic')).toBeNull();
    expect(await ledger.claim(claimOf(routeOf(1, 3), null))).toBe(true);
    expect(await ledger.read('petclinic')).toEqual({ route: routeOf(1, 3), home, settled: false });
    expect(await ledger.read('orders')).toBeNull();
  });

  it('is settled for the epoch that was seen, and unsettled by the next claim', async () => {
    const ledger = realLedger();
    await ledger.claim(claimOf(routeOf(1, 3), null));
    expect(await ledger.settle('petclinic', 1)).toBe(true);
    expect((await ledger.read('petclinic'))?.settled).toBe(true);
    await ledger.claim(claimOf(routeOf(2, 3), 1));
    expect(await ledger.settle('petclinic', 1)).toBe(false);
    expect((await ledger.read('petclinic'))?.settled).toBe(false);
  });

  it('takes a claim of the same or a newer fence', async () => {
    const ledger = realLedger();
    await ledger.claim(claimOf(routeOf(1, 3), null));
    expect(await ledger.claim(claimOf(routeOf(2, 3), 1))).toBe(true);
    expect(await ledger.claim(claimOf(routeOf(3, 9), 2))).toBe(true);
  });

  it('refuses a claim that was decided on an older epoch, and on none', async () => {
    const ledger = realLedger();
    await ledger.claim(claimOf(routeOf(1, 3), null));
    await ledger.claim(claimOf(routeOf(2, 3), 1));
    expect(await ledger.claim(claimOf(routeOf(2, 4), 1))).toBe(false);
    expect(await ledger.claim(claimOf(routeOf(1, 4), null))).toBe(false);
    expect((await ledger.read('petclinic'))?.route).toEqual(routeOf(2, 3));
  });

  it('tells a writer under an older fence that its lease is lost, whatever epoch it read', async () => {
    const ledger = realLedger();
    await ledger.claim(claimOf(routeOf(1, 4), null));
    for (const epochAsRead of [null, 1]) {
      const error = await rejectionOf(ledger.claim(claimOf(routeOf(2, 3), epochAsRead)));
      expect(error).toBeInstanceOf(LeaseLost);
      expect((error as LeaseLost).message).toContain('claimed under fence 4 by run-4, ours is 3');
    }
  });

  it('takes its own claim for its own when it comes twice', async () => {
    const ledger = realLedger();
    await ledger.claim(claimOf(routeOf(1, 3), null));
    expect(await ledger.claim(claimOf(routeOf(1, 3), null))).toBe(true);
    expect(await ledger.claim(claimOf(routeOf(1, 3, { by: 'another' }), null))).toBe(false);
  });

  it('reads consistently, under the key of the workload', async () => {
    const { ledger, sent } = ledgerAnswering(item(null));
    await ledger.read('petclinic');
    expect(jsonOf(sent[0])).toEqual({
      TableName: TABLE,
      Key: { pk: { S: 'workload#petclinic' }, sk: { S: 'route' } },
      ConsistentRead: true,
    });
  });

  it.each([
    ['has no way home', { home: undefined }, 'home: got nothing'],
    ['has a route that is no JSON', { route: { S: 'standby' } }, 'not JSON: standby'],
    ['has a route to the moon', { route: { S: '{"v":1,"origin":"moon"}' } }, 'origin: got "moon"'],
    [
      'has a way home without an origin',
      { home: { S: '[{"pathPattern":null}]' } },
      '0.originId: got nothing',
    ],
  ])('calls an item unreadable that %s', async (_what, more, problem) => {
    const whole = {
      route: { S: JSON.stringify(routeOf(1, 3)) },
      home: { S: JSON.stringify(home) },
      settled: { BOOL: false },
    };
    const error = await rejectionOf(ledgerAnswering(item({ ...whole, ...more })).ledger.read('petclinic'));
    expect(error).toBeInstanceOf(CloudAnswerUnreadable);
    expect((error as CloudAnswerUnreadable).problems.join('\n')).toContain(problem);
  });

  it('names what DynamoDB refused, and what it could not do now', async () => {
    const denied = ledgerAnswering(jsonError(400, 'AccessDeniedException')).ledger;
    expect(await rejectionOf(denied.read('petclinic'))).toBeInstanceOf(CloudRefused);
    const busy = ledgerAnswering(
      ...Array.from({ length: 3 }, () => jsonError(500, 'InternalServerError')),
    ).ledger;
    expect(await rejectionOf(busy.claim(claimOf(routeOf(1, 3), null)))).toBeInstanceOf(CloudUnavailable);
  });
});
