import { answerSchema, applierSchema, type HandoverAnswer } from '../../../core/data/handover.ts';
import { Handover } from '../../../mover/apply/requests.ts';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';

/** A quarter of an hour is the longest that a request is waited for. */
const NOW = Date.parse('2026-11-27T08:45:00Z');
const LOADED = Date.parse('2026-11-27T08:00:00Z');
const applied = { dump: '20261127T030000Z', appliedUntil: null, lastTransactionAt: null, transactions: 0 };
const OPEN: HandoverAnswer = {
  ...{ schemaVersion: 1, outcome: 'open', at: '2026-11-27T09:00:00.000Z', ...applied, seconds: 1.5 },
};

describe('a request of the hand-over', () => {
  let blobs: BlobService;
  let round = 0;
  let shop = '';
  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    round += 1;
    shop = `shop${round}`;
  });

  const handover = (): Handover => new Handover(blobs.store.handover, shop);
  const ask = (id: string, askedAt: string, more: object = {}): Promise<boolean> =>
    blobs.store.handover.add(
      `${shop}/${id}/request.json`,
      JSON.stringify({ schemaVersion: 1, correlationId: id, execution: 'test', askedAt, ...more }),
    );
  const pendingOf = async (side: Handover, since = LOADED, now = NOW): Promise<string | null> =>
    (await side.pending(since, now))?.correlationId ?? null;

  it('is none where nobody has asked, also where the state of the applier lies there', async () => {
    const side = handover();
    await side.tell({
      ...{ schemaVersion: 1, at: '2026-11-27T08:00:00.000Z', state: 'loading', ...applied, dump: null },
      ...{ backlogBytes: 0, fault: null },
    });
    expect(await pendingOf(side)).toBeNull();
    const text = await blobs.store.handover.readText(`${shop}/applier.json`);
    expect(applierSchema.safeParse(JSON.parse(text ?? '')).success).toBe(true);
  });

  it('is the newest of those that are later than the load', async () => {
    await ask('b', '2026-11-27T08:30:00Z');
    await ask('a', '2026-11-27T08:45:00Z');
    await ask('c', '2026-11-27T07:00:00Z');
    expect(await pendingOf(handover())).toBe('a');
  });

  it('is none where it was asked before the load: that night is over', async () => {
    await ask('old', '2026-11-27T07:59:59.999Z');
    expect(await pendingOf(handover())).toBeNull();
  });

  it('is none where whoever asked has given up long ago: users may be home again', async () => {
    await ask('run-1', '2026-11-27T08:30:00Z');
    const [within, after] = ['2026-11-27T08:45:00Z', '2026-11-27T08:45:00.001Z'].map(Date.parse);
    expect(await pendingOf(handover(), LOADED, within)).toBe('run-1');
    expect(await pendingOf(handover(), LOADED, after)).toBeNull();
  });

  it('is seen by a side that has looked before', async () => {
    const side = handover();
    expect(await pendingOf(side)).toBeNull();
    await ask('late', '2026-11-27T08:30:00Z');
    expect(await pendingOf(side)).toBe('late');
    expect(await pendingOf(side)).toBe('late');
  });

  it('is answered once, for this process and for the next, and the next request is seen', async () => {
    const side = handover();
    await ask('run-1', '2026-11-27T08:30:00Z');
    const request = await side.pending(LOADED, NOW);
    expect(request).not.toBeNull();
    if (request !== null) await side.answer(request, OPEN);
    expect(await pendingOf(side)).toBeNull();
    expect(await pendingOf(handover())).toBeNull();
    const text = await blobs.store.handover.readText(`${shop}/run-1/answer.json`);
    expect(answerSchema.parse(JSON.parse(text ?? ''))).toEqual(OPEN);
    await ask('run-2', '2026-11-27T08:40:00Z');
    expect(await pendingOf(side)).toBe('run-2');
  });

  it('keeps its first answer', async () => {
    const side = handover();
    await ask('run-1', '2026-11-27T08:30:00Z');
    const request = await side.pending(LOADED, NOW);
    if (request === null) throw new Error('expected a request');
    await side.answer(request, OPEN);
    await side.answer(request, { ...OPEN, seconds: 99 });
    expect(await blobs.store.handover.readText(`${shop}/run-1/answer.json`)).toContain('"seconds":1.5');
  });

  it.each([
    ['of a later version', { schemaVersion: 2 }],
    ['without a moment', { askedAt: 'now' }],
    ['without a name', { correlationId: '' }],
  ])('%s is none, and does not hide another', async (_, wrong) => {
    await ask('wrong', '2026-11-27T08:50:00Z', wrong);
    await ask('right', '2026-11-27T08:30:00Z');
    expect(await pendingOf(handover())).toBe('right');
  });

  it('that is half written text is none', async () => {
    await blobs.store.handover.add(`${shop}/half/request.json`, '{"schemaVersion":1,"corr');
    expect(await pendingOf(handover())).toBeNull();
  });

  it('of another workload is none', async () => {
    await blobs.store.handover.add(
      `${shop}x/run-1/request.json`,
      JSON.stringify({
        schemaVersion: 1,
        correlationId: 'run-1',
        execution: 'x',
        askedAt: '2026-11-27T09:00:00Z',
      }),
    );
    expect(await pendingOf(handover())).toBeNull();
  });
});
