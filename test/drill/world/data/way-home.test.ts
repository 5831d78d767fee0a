import {
  homeAnswerBlob,
  homeAnswerSchema,
  orderBlob,
  orderSchema,
  orphansSchema,
  sideBlob,
  sideStateSchema,
  type HomeAnswer,
  type HomeResult,
  type HomeTask,
  type Side,
} from '../../../../core/data/home.ts';
import type { BlobStore } from '../../../../drill/clouds/azure/blob-store.ts';
import { useVirtualTime } from '../../clouds/fixture.ts';
import { WORKLOAD, dataOf, pass } from './fixture.ts';

/*
 * Goal: both sides of the simulated way home answer in the words of the contract, do an order once, and can fail as the true ones do.
 */

function give(store: BlobStore, id: string, task: HomeTask, untilSeconds = 86_400): void {
  const at = Date.now();
  const order = orderSchema.parse({
    ...{ schemaVersion: 1, id, correlationId: 'failback-1', task },
    ...{ askedAt: new Date(at).toISOString(), until: new Date(at + untilSeconds * 1000).toISOString() },
  });
  store.put('handover', orderBlob(WORKLOAD, id), { text: JSON.stringify(order), at, onlyIfAbsent: true });
}

function answerIn(store: BlobStore, id: string): HomeAnswer | null {
  const text = store.find('handover', homeAnswerBlob(WORKLOAD, id))?.text ?? null;
  return text === null ? null : homeAnswerSchema.parse(JSON.parse(text));
}

/** Gives an order, lets two hours pass, and hands back what came of it. */
async function answerOf(store: BlobStore, id: string, task: HomeTask): Promise<HomeAnswer> {
  give(store, id, task);
  await pass(7_200);
  const answer = answerIn(store, id);
  if (answer === null) throw new Error(`nobody answered ${id}`);
  return answer;
}

async function resultOf(store: BlobStore, id: string, task: HomeTask): Promise<HomeResult> {
  const answer = await answerOf(store, id, task);
  if (answer.outcome === 'failed') throw new Error(`${answer.code}: ${answer.detail}`);
  return answer.result;
}

const stateIn = (store: BlobStore, side: Side) =>
  sideStateSchema.parse(JSON.parse(store.find('handover', sideBlob(WORKLOAD, side))?.text ?? ''));

/** A site whose users have been on the standby and have written 10 and 11 there; the dead primary had accepted 3 alone. */
function served() {
  const site = dataOf({}, 'served');
  const { primary, standby, wayHome } = site.data;
  if (wayHome === null) throw new Error('this site has a way home');
  primary.accept({ id: 3, at: Date.now() });
  for (const id of [10, 11]) standby.accept({ id, at: Date.now() });
  return { ...site, primary, standby, wayHome };
}

async function dumped(store: BlobStore, id: string, since: string | null): Promise<string> {
  const result = await resultOf(store, id, { what: 'dump', since });
  if (result.what !== 'dump') throw new Error('a dump was asked for');
  return result.dump;
}

describe('the way home of a simulated site', () => {
  useVirtualTime();

  it('keeps what only the primary has, and counts it', async () => {
    const { store } = served();
    const result = await resultOf(store, 'o', { what: 'orphans', anew: false });
    if (result.what !== 'orphans') throw new Error('orphans were asked for');
    expect(result.manifest).toMatchObject({ transactions: 1, missing: '' });
    expect(result.folder).toMatch(/^petclinic\/orphans\/\d{8}T\d{6}Z-1$/);
    const kept = store.find('backups', `${result.folder}/manifest.json`)?.text ?? '';
    expect(orphansSchema.parse(JSON.parse(kept))).toEqual(result.manifest);
  });

  it('leaves the primary as it is until the last load, which takes the place of everything', async () => {
    const { store, wayHome, standby } = served();
    const first = await dumped(store, 'dump', null);
    await resultOf(store, 'load', { what: 'load', dump: first, isLast: false });
    expect(wayHome.held).toEqual([3]);
    standby.accept({ id: 12, at: Date.now() });
    const last = await dumped(store, 'dump-last', first);
    await resultOf(store, 'load-last', { what: 'load', dump: last, isLast: true });
    expect(wayHome.held).toEqual([10, 11, 12]);
    expect(await resultOf(store, 'verify', { what: 'verify' })).toMatchObject({ what: 'verify' });
  });

  it('finds that data differ where the standby has more, or where a table is told to', async () => {
    const { store, standby, wayHome } = served();
    const dump = await dumped(store, 'dump', null);
    await resultOf(store, 'load-last', { what: 'load', dump, isLast: true });
    wayHome.differs = true;
    expect(await answerOf(store, 'v1', { what: 'verify' })).toMatchObject({ code: 'DATA_DIFFER' });
    wayHome.differs = false;
    expect(await answerOf(store, 'v2', { what: 'verify' })).toMatchObject({ outcome: 'done' });
    standby.accept({ id: 12, at: Date.now() });
    expect(await answerOf(store, 'v3', { what: 'verify' })).toMatchObject({ code: 'DATA_DIFFER' });
  });

  it('shuts its gates and loads nothing where somebody has written to the primary', async () => {
    const { store, wayHome } = served();
    const dump = await dumped(store, 'dump', null);
    expect(await resultOf(store, 'g1', { what: 'gates' })).toMatchObject({ open: true });
    wayHome.foreign = 2;
    expect(await resultOf(store, 'g2', { what: 'gates' })).toMatchObject({
      ...{ open: false, gates: { noForeignWrites: { state: 'shut', got: '2 transactions' } } },
    });
    const refused = await answerOf(store, 'load-last', { what: 'load', dump, isLast: true });
    expect(refused).toMatchObject({ outcome: 'failed', code: 'FOREIGN_WRITES' });
    expect(wayHome.held).toEqual([3]);
  });

  it('knows no dump that the standby has not made', async () => {
    const { store } = served();
    const dump = '20200101T000000Z';
    expect(await answerOf(store, 'load', { what: 'load', dump, isLast: false })).toMatchObject({
      code: 'NO_DUMP',
    });
  });

  it('says what a side does meanwhile, does one order after the other, and none after its time', async () => {
    const { store } = served();
    give(store, 'dump', { what: 'dump', since: null });
    // Each side looks every five seconds.
    await pass(6);
    give(store, 'late', { what: 'figures' }, 8);
    await pass(6);
    expect(stateIn(store, 'standby')).toMatchObject({ busy: { id: 'dump', what: 'dump' }, fault: null });
    expect(stateIn(store, 'primary')).toMatchObject({ busy: null });
    await pass(3_600);
    expect(stateIn(store, 'standby').busy).toBeNull();
    expect(answerIn(store, 'dump')).toMatchObject({ outcome: 'done' });
    expect(answerIn(store, 'late')).toMatchObject({ outcome: 'failed', code: 'ORDER_TOO_OLD' });
  });

  it('leaves an order of a dead primary without an answer, and does it once the primary is back', async () => {
    const { store, data } = served();
    data.primaryDied();
    give(store, 'gates', { what: 'gates' });
    await pass(600);
    expect(answerIn(store, 'gates')).toBeNull();
    data.primaryCameBack();
    await pass(600);
    expect(answerIn(store, 'gates')).toMatchObject({ outcome: 'done', result: { open: true } });
  });
});
