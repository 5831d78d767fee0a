import { answerSchema, applierSchema, type HandoverAnswer } from '../../../../core/data/handover.ts';
import { answerBlob, applierBlob, requestBlob } from '../../../../core/data/layout.ts';
import type { BlobStore } from '../../../../drill/clouds/azure/blob-store.ts';
import { useVirtualTime } from '../../clouds/fixture.ts';
import { WORKLOAD, dataOf, pass, writeFor } from './fixture.ts';

/* Goal: the standby has exactly what was shipped, in order, once, and takes writes only after it was asked to. */

const ask = (store: BlobStore, correlationId = 'c-1', at = Date.now()): void => {
  const request = {
    schemaVersion: 1,
    correlationId,
    execution: 'run-1',
    askedAt: new Date(at).toISOString(),
  };
  const text = JSON.stringify(request);
  store.put('handover', requestBlob(WORKLOAD, correlationId), { text, at, onlyIfAbsent: true });
};

const answerIn = (store: BlobStore, correlationId = 'c-1'): HandoverAnswer | null => {
  const text = store.find('handover', answerBlob(WORKLOAD, correlationId))?.text ?? null;
  return text === null ? null : answerSchema.parse(JSON.parse(text));
};

const stateIn = (store: BlobStore) => {
  const text = store.find('handover', applierBlob(WORKLOAD))?.text ?? null;
  return text === null ? null : applierSchema.parse(JSON.parse(text));
};

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('the applier of a standby that was there before', () => {
  useVirtualTime();

  it('follows seconds behind the primary, and says so in the words of the contract', async () => {
    const { data, store } = dataOf({}, 'follows');
    await writeFor(data, 100);
    expect(stateIn(store)).toMatchObject({ state: 'following', backlogBytes: 0, fault: null });
    const { applied } = data.truth();
    expect(applied.length).toBeGreaterThanOrEqual(85);
    expect(applied).toEqual(upTo(applied.length));
    expect(data.standby.writable).toBe(false);
  });

  it('has everything that was shipped, and nothing else, when it opens after the death of the primary', async () => {
    const { data, store, events } = dataOf({}, 'follows');
    await writeFor(data, 100);
    data.primaryDied();
    await pass(120);
    ask(store);
    expect(data.standby.writable).toBe(false);
    await pass(10);
    const shipped = data.source!.shipper.marks.at(-1)!.users;
    expect(data.truth().applied).toEqual(upTo(shipped));
    expect([shipped, shipped + 1].map((id) => data.standby.holds(id))).toEqual([true, false]);
    expect(data.standby.writable).toBe(true);
    expect(answerIn(store)).toMatchObject({
      outcome: 'open',
      appliedUntil: expect.stringMatching(/^2026-03-02T/),
    });
    expect(stateIn(store)).toMatchObject({ state: 'open' });
    expect(events()).toContain('the database of the standby takes writes');
  });

  it('waits for a shipper that lives, so that nothing is missing at all', async () => {
    const { data, store } = dataOf({}, 'follows');
    await writeFor(data, 100);
    ask(store);
    await pass(30);
    expect(data.truth().applied).toEqual(upTo(100));
    const answer = answerIn(store)!;
    expect(Date.parse(answer.appliedUntil!)).toBeGreaterThanOrEqual(Date.parse('2026-03-02T00:01:40.000Z'));
  });

  it('does not wait for ever for a shipper that lives and cannot reach its database', async () => {
    const { data, store } = dataOf({}, 'follows');
    await writeFor(data, 100);
    data.source?.setDatabase(false);
    ask(store);
    await pass(59);
    expect(answerIn(store)).toBeNull();
    await pass(12);
    expect(answerIn(store)).toMatchObject({ outcome: 'open' });
  });

  it('answers a second run at once, and the same request only once', async () => {
    const { data, store } = dataOf({}, 'follows');
    await writeFor(data, 20);
    data.primaryDied();
    await pass(60);
    ask(store);
    await pass(10);
    const first = answerIn(store);
    ask(store);
    ask(store, 'c-2');
    await pass(6);
    expect(answerIn(store)).toEqual(first);
    expect(answerIn(store, 'c-2')).toMatchObject({ outcome: 'open', seconds: 0 });
  });

  it('takes what a second server sends again only once', async () => {
    const { data } = dataOf({}, 'follows');
    await writeFor(data, 50);
    data.source?.failOver();
    await writeFor(data, 50, 51);
    await pass(20);
    expect(data.truth().applied).toEqual(upTo(100));
  });

  it('loads anew where the log before the newest dump is missing for good', async () => {
    const plan = {
      shipperSilentForSeconds: 7_200,
      logRetentionSeconds: 3_600,
      newestDump: 'refused',
    } as const;
    const { data, store } = dataOf(plan, 'follows');
    await writeFor(data, 60);
    data.source?.setShipper(true);
    await writeFor(data, 60, 61);
    expect(stateIn(store)).toMatchObject({ state: 'loading', dump: '20260302T000100Z' });
    await writeFor(data, 120, 121);
    expect(stateIn(store)).toMatchObject({ state: 'following', backlogBytes: 0 });
    const { applied } = data.truth();
    expect(applied.length).toBeGreaterThan(220);
    expect(applied).toEqual(upTo(applied.length));
  });
});

describe('the applier of a standby that is built', () => {
  useVirtualTime();

  it('says nothing and answers nobody before there is a database', async () => {
    const { store } = dataOf();
    ask(store);
    await pass(60);
    expect(stateIn(store)).toBeNull();
    expect(answerIn(store)).toBeNull();
  });

  it('loads for as long as the size needs, then follows', async () => {
    const { data, store } = dataOf();
    await writeFor(data, 60);
    data.standbyBuilt();
    // Two billion bytes at twenty-five million a second.
    await pass(79);
    expect(stateIn(store)).toMatchObject({ state: 'loading', dump: '20260302T000000Z', appliedUntil: null });
    await pass(11);
    expect(stateIn(store)).toMatchObject({ state: 'following', backlogBytes: 0 });
  });

  it('takes as much longer as the log behind the dump is long', async () => {
    const { data, store } = dataOf({ newestDump: 'refused', transactionsPerSecond: 8 });
    await pass(60);
    // A day and a minute of eight a second, at 1,100 a second.
    expect(data.applier?.secondsToCatchUp()).toBeGreaterThan(708);
    expect(data.applier?.secondsToCatchUp()).toBeLessThan(710);
    data.standbyBuilt();
    await pass(400);
    expect(stateIn(store)).toMatchObject({ state: 'replaying' });
    await pass(330);
    expect(stateIn(store)).toMatchObject({ state: 'following' });
  });

  it('loads the dump before, and the log since, where the newest one is damaged: nothing is lost but time', async () => {
    const { data, store } = dataOf({ newestDump: 'damaged' });
    await writeFor(data, 60);
    data.primaryDied();
    data.standbyBuilt();
    // Two loads, and a day of two transactions a second.
    expect(data.applier?.secondsToCatchUp()).toBeGreaterThan(317);
    await pass(330);
    expect(stateIn(store)).toMatchObject({ state: 'following', dump: '20260301T000000Z' });
    expect(data.truth().applied).toEqual(upTo(data.source!.shipper.marks.at(-1)!.users));
  });

  it('refuses where dumps are all there is and the newest one is damaged: that loss is a decision of people', async () => {
    const { data, store, events } = dataOf({ mode: 'dump', newestDump: 'damaged' });
    await pass(60);
    expect(data.applier?.refusal).toMatchObject({ code: 'NEWEST_DUMP_DAMAGED' });
    data.standbyBuilt();
    expect(stateIn(store)).toMatchObject({ state: 'failed', fault: { code: 'NEWEST_DUMP_DAMAGED' } });
    expect(events()).toContain('the data cannot be loaded: NEWEST_DUMP_DAMAGED');
    expect(dataOf({ mode: 'dump' }).data.applier?.refusal).toBeNull();
  });

  it('opens within seconds where dumps are all there is, with what the newest one holds', async () => {
    const { data, store } = dataOf({ mode: 'dump' });
    await writeFor(data, 60);
    data.primaryDied();
    data.standbyBuilt();
    await pass(300);
    expect(data.standby.writable).toBe(false);
    ask(store);
    await pass(8);
    expect(answerIn(store)).toMatchObject({
      ...{ outcome: 'open', dump: '20260302T000000Z', transactions: 0, lastTransactionAt: null },
      appliedUntil: '2026-03-02T00:00:00.000Z',
    });
    expect(data.standby.writable).toBe(true);
    expect(data.truth().applied).toEqual([]);
  });

  it('answers a request that came while it was loading, when it has caught up', async () => {
    const { data, store } = dataOf();
    await writeFor(data, 60);
    data.primaryDied();
    data.standbyBuilt();
    await pass(10);
    ask(store);
    await pass(60);
    expect(answerIn(store)).toBeNull();
    await pass(20);
    expect(answerIn(store)).toMatchObject({ outcome: 'open' });
    expect(data.truth().applied).toEqual(upTo(data.source!.shipper.marks.at(-1)!.users));
  });

  it('says why it cannot go on, to whoever asks', async () => {
    const { data, store } = dataOf({ applierFails: true });
    data.standbyBuilt();
    ask(store);
    await pass(6);
    expect(answerIn(store)).toMatchObject({ outcome: 'failed', code: 'LOAD_FAILED' });
    expect(data.standby.writable).toBe(false);
  });

  it('does not take a request that is older than its load for one of its own', async () => {
    const { data, store } = dataOf();
    ask(store);
    await pass(60);
    data.standbyBuilt();
    await pass(300);
    expect(answerIn(store)).toBeNull();
    expect(data.standby.writable).toBe(false);
  });
});
