import { makeLedger } from '../../../../clouds/aws/ledger/ledger.ts';
import { makeOperations } from '../../../../clouds/aws/ledger/operations.ts';
import { CloudAnswerUnreadable } from '../../../../core/errors.ts';
import type { Act } from '../../../../core/ledger/operations.ts';
import { dynamoDbService, makeDynamoDbState } from '../../../../drill/clouds/dynamodb/dynamodb.ts';
import { ACCESS_KEY, networkOf, REGION, rejection } from '../../../drill/clouds/fixture.ts';
import { cancelled, heldBy, item, LATER, NOW, record, request } from './ledger-fixtures.ts';
import { awsAnswering, jsonError } from '../helpers.ts';

const tableName = 'pilotlight-ledger';

function world() {
  const state = makeDynamoDbState(REGION, [
    { name: tableName, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  const access = {
    tableName,
    region: REGION,
    transport: networkOf([dynamoDbService(state)]).awsRequestHandler(),
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'secret' },
  };
  const log = { info: () => undefined, warn: () => undefined };
  return {
    operations: makeOperations(access),
    ledger: makeLedger({ ...access, log }),
    items: () => [...(state.tables.get(tableName)?.items.values() ?? [])],
  };
}

const act = (more: Partial<Act> = {}): Act => ({
  kind: 'route-set',
  workload: 'petclinic',
  at: '2026-11-23T00:00:00.000Z',
  by: 'arn:aws:iam::111122223333:user/jane',
  owner: 'jane',
  why: 'run hangs',
  detail: 'to maintenance',
  result: 'begun',
  ...more,
});

const byHand = { ...request, execution: 'by-hand-1', byPerson: true };

describe('seizing the lease', () => {
  it('takes it whoever holds it, under an epoch that shuts the other out', async () => {
    const { operations, ledger } = world();
    await ledger.takeLease(request);
    expect(await operations.seizeLease(byHand)).toEqual({
      taken: true,
      epoch: 2,
      expiresAt: LATER,
      recentMoves: 0,
    });
    const renewal = { workload: 'petclinic', execution: 'run-1', epoch: 1, expiresAt: LATER };
    expect((await rejection(ledger.renewLease(renewal))).name).toBe('LeaseLost');
    expect(await ledger.takeLease({ ...request, execution: 'run-2' })).toMatchObject({
      taken: false,
      reason: 'held',
    });
  });

  it('takes one that nobody has ever held', async () => {
    const { operations } = world();
    expect(await operations.seizeLease(byHand)).toEqual({
      taken: true,
      epoch: 1,
      expiresAt: LATER,
      recentMoves: 0,
    });
  });

  it('knows its own work when the answer to it was lost', async () => {
    const ours = heldBy('by-hand-1', '4', LATER);
    const lost = jsonError(400, 'ConditionalCheckFailedException', { Item: ours });
    const { access } = awsAnswering(item(heldBy('run-1', '3', LATER)), lost);
    const operations = makeOperations({ ...access, tableName });
    expect(await operations.seizeLease(byHand)).toEqual({
      taken: true,
      epoch: 4,
      expiresAt: LATER,
      recentMoves: 0,
    });
  });

  it('gives up where others keep taking it, and says so', async () => {
    const lost = (epoch: string) =>
      jsonError(400, 'ConditionalCheckFailedException', { Item: heldBy('run-2', epoch, LATER) });
    const read = (epoch: string) => item(heldBy('run-1', epoch, LATER));
    const { access, sent } = awsAnswering(read('3'), lost('4'), read('4'), lost('5'), read('5'), lost('6'));
    const operations = makeOperations({ ...access, tableName });
    expect(await operations.seizeLease(byHand)).toMatchObject({ taken: false, reason: 'held' });
    expect(sent).toHaveLength(6);
  });
});

describe('giving a lease back by hand', () => {
  const lease = { workload: 'petclinic', holder: 'by-hand-1', epoch: 1, disarms: true, movedAwayAt: null };

  it('frees the workload, disarms automation and rewrites the act, in one transaction', async () => {
    const { operations, ledger } = world();
    await ledger.takeLease(byHand);
    await operations.record(act());
    expect(await operations.release(lease, act({ result: 'done' }))).toBe(true);
    expect(await operations.readLease('petclinic')).toMatchObject({ holder: null, epoch: 1, disarmed: true });
    expect(await operations.acts('petclinic', 10)).toEqual([act({ result: 'done' })]);
  });

  it('leaves automation as it is where it is told to', async () => {
    const { operations, ledger } = world();
    await ledger.takeLease(byHand);
    await operations.release({ ...lease, disarms: false }, act({ result: 'done' }));
    expect(await operations.readLease('petclinic')).toMatchObject({ holder: null, disarmed: false });
  });

  it('leaves the lease to who holds it by now, and keeps the act all the same', async () => {
    const { operations, ledger } = world();
    await ledger.takeLease(request);
    expect(await operations.release(lease, act({ result: 'done' }))).toBe(false);
    expect(await operations.readLease('petclinic')).toMatchObject({ holder: 'run-1', disarmed: false });
    expect(await operations.acts('petclinic', 10)).toEqual([act({ result: 'done' })]);
  });
});

describe('acknowledging', () => {
  it('arms automation once, and answers false where it is armed already', async () => {
    const { operations, ledger } = world();
    await ledger.takeLease(request);
    await ledger.finish(record, {
      epoch: 1,
      status: 'DONE',
      cooldownUntil: null,
      disarms: true,
      movedAwayAt: null,
    });
    const said = act({ kind: 'acknowledge', result: 'done' });
    expect(await operations.readLease('petclinic')).toMatchObject({ disarmed: true });
    expect(await operations.acknowledge('petclinic', said)).toBe(true);
    expect(await operations.readLease('petclinic')).toMatchObject({ disarmed: false });
    expect(await operations.acknowledge('petclinic', said)).toBe(false);
    expect(await operations.acts('petclinic', 10)).toHaveLength(1);
  });

  it('does not take a clash with another writer for an answer', async () => {
    const { access } = awsAnswering(cancelled('TransactionConflict', 'None'));
    const error = await rejection(makeOperations({ ...access, tableName }).acknowledge('petclinic', act()));
    expect(error.name).toBe('CloudUnavailable');
  });
});

describe('the brake', () => {
  it('is written with the moment, and read back with it', async () => {
    const { operations } = world();
    const brake = { on: true, owner: 'Kim', reason: 'move' };
    await operations.setBrake('petclinic', brake, act({ kind: 'brake-on', result: 'done' }));
    expect(await operations.readBrake('petclinic')).toEqual({ ...brake, at: '2026-11-23T00:00:00.000Z' });
  });

  it('is null where it was never moved, and unreadable where it is nonsense', async () => {
    expect(await world().operations.readBrake('petclinic')).toBeNull();
    const { access } = awsAnswering(item({ on: { S: 'maybe' } }));
    const read = makeOperations({ ...access, tableName }).readBrake('petclinic');
    expect(await rejection(read)).toBeInstanceOf(CloudAnswerUnreadable);
  });
});

describe('the history', () => {
  const runAt = (minute: number) => {
    const startedAt = new Date(NOW + minute * 60_000).toISOString();
    return { ...record, run: { ...record.run, execution: `run-${minute}`, startedAt } };
  };

  it('gives the newest runs first, over several pages, and finds one by its name', async () => {
    const { operations, ledger } = world();
    for (let minute = 0; minute < 120; minute += 1) await ledger.finish(runAt(minute), null);
    const names = (await operations.runs('petclinic', 110)).map(({ execution }) => execution);
    expect([names.length, names[0], names[109]]).toEqual([110, 'run-119', 'run-10']);
    expect(await operations.findRun('petclinic', 'run-3')).toMatchObject({
      execution: 'run-3',
      record: runAt(3),
    });
    expect(await operations.findRun('petclinic', 'run-500')).toBeNull();
  });

  it('keeps runs and acts, and the workloads, apart', async () => {
    const { operations, ledger } = world();
    await ledger.finish(record, null);
    await operations.record(act());
    await operations.record(act({ workload: 'shop' }));
    expect(await operations.runs('petclinic', 10)).toHaveLength(1);
    expect(await operations.acts('petclinic', 10)).toEqual([act()]);
    expect(await operations.runs('shop', 10)).toEqual([]);
  });

  it('says that the ledger answered nonsense rather than nothing', async () => {
    const { access } = awsAnswering({ status: 200, body: JSON.stringify({ Items: [{ act: { S: '{' } }] }) });
    const error = await rejection(makeOperations({ ...access, tableName }).acts('petclinic', 10));
    expect(error).toBeInstanceOf(CloudAnswerUnreadable);
  });

  it('refuses to call a missing permission an empty history', async () => {
    const { access } = awsAnswering(jsonError(400, 'AccessDeniedException'));
    const error = await rejection(makeOperations({ ...access, tableName }).runs('petclinic', 10));
    expect(error.name).toBe('CloudRefused');
  });
});
