import { makeHomeStore } from '../../../../clouds/azure/data/home-store.ts';
import type { HomeOrder } from '../../../../core/data/home.ts';
import { fakeClock, fakeCredential, rejection } from '../azure-fixture.ts';
import { BlobAccount, blobError } from './blob-fixture.ts';

/*
 * Goal: an order of the way home is written once, and what the sides answer is read as it stands or refused.
 */

const storeOf = ({ httpClient }: BlobAccount) =>
  makeHomeStore({
    ...{ account: 'shopdata', workload: 'shop' },
    ...{ credential: fakeCredential, clock: fakeClock(), httpClient },
  });
const order: HomeOrder = {
  ...{ schemaVersion: 1, id: 'failback-1-gates', correlationId: 'failback-1' },
  ...{ askedAt: '2026-03-02T10:00:00.000Z', until: '2026-03-02T22:00:00.000Z', task: { what: 'gates' } },
};
const ORDER = 'handover/shop/home/orders/failback-1-gates.json';
const ANSWER = 'handover/shop/home/answers/failback-1-gates.json';

describe('an order of the way home', () => {
  it('is written once; whoever gives it again gets the first one', async () => {
    const account = new BlobAccount();
    expect(await storeOf(account).order(order)).toEqual(order);
    expect(await storeOf(account).order({ ...order, askedAt: '2026-03-02T10:09:00.000Z' })).toEqual(order);
    expect(JSON.parse(account.blobs.get(ORDER) ?? '')).toEqual(order);
    expect(account.wire().slice(0, 1)).toEqual([`PUT /${ORDER}`]);
  });

  it('is refused where what stands in its place is none', async () => {
    const account = new BlobAccount({ [ORDER]: JSON.stringify({ ...order, task: { what: 'wait' } }) });
    expect((await rejection(storeOf(account).order(order))).name).toBe('CloudAnswerUnreadable');
  });

  it('is told of where it has gone again', async () => {
    const account = new BlobAccount();
    account.refuse = ({ method }) => (method === 'PUT' ? blobError(409, 'BlobAlreadyExists') : null);
    expect((await rejection(storeOf(account).order(order))).message).toContain(
      `${ORDER} answered something unreadable: got nothing, expected what was there when ours was to be written`,
    );
  });

  it('needs the right to write, which is named', async () => {
    const account = new BlobAccount();
    account.refuse = () => blobError(403, 'AuthorizationPermissionMismatch');
    const error = await rejection(storeOf(account).order(order));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('Storage Blob Data Contributor on the container handover of shopdata');
  });
});

describe('the answer to an order', () => {
  it('is nothing until there is one', async () => {
    const account = new BlobAccount();
    expect(await storeOf(account).answer('failback-1-gates')).toBeNull();
    const answer = {
      ...{ schemaVersion: 1, id: 'failback-1-gates', at: '2026-03-02T10:00:09.000Z' },
      ...{ outcome: 'failed', code: 'NO_LOGIN', detail: 'access denied' },
    };
    account.blobs.set(ANSWER, JSON.stringify(answer));
    expect(await storeOf(account).answer('failback-1-gates')).toEqual(answer);
    expect(await storeOf(account).answer('failback-1-load')).toBeNull();
  });

  it.each(['{"outcome":"done"', '{"outcome":"done"}', ''])('is refused where it says %j', async (text) => {
    const account = new BlobAccount({ [ANSWER]: text });
    expect((await rejection(storeOf(account).answer('failback-1-gates'))).name).toBe('CloudAnswerUnreadable');
  });
});

describe('what a side says of itself', () => {
  it('is read of each side by itself, and nothing where it never said anything', async () => {
    const state = {
      ...{ schemaVersion: 1, at: '2026-03-02T10:00:09.000Z', side: 'standby' },
      ...{ busy: null, loaded: null, fault: null },
    };
    const account = new BlobAccount({ 'handover/shop/home/standby.json': JSON.stringify(state) });
    expect(await storeOf(account).side('standby')).toEqual(state);
    expect(await storeOf(account).side('primary')).toBeNull();
  });
});
