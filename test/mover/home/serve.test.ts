import { homeAnswerBlob, orderBlob, sideBlob, type HomeTask } from '../../../core/data/home.ts';
import { HomeService, type Workers } from '../../../mover/home/serve.ts';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';
import { untilThere } from '../helpers/way-home.ts';

const START = Date.parse('2026-11-27T03:00:00Z');

describe('a side that serves the orders of the way home', () => {
  let blobs: BlobService;
  let now = START;
  let round = 0;
  let workload = '';

  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    now = START;
    round += 1;
    workload = `shop${round}`;
  });

  const quiet = { info: () => undefined, warn: () => undefined };
  const service = (workers: Workers, side: 'primary' | 'standby' = 'primary'): HomeService =>
    new HomeService({
      ...{ workload, side, handover: blobs.store.handover, workers, now: () => now, log: quiet },
      loaded: () => Promise.reject(new Error('the database is away')),
    });
  const order = (id: string, task: HomeTask): Promise<void> =>
    blobs.store.handover.replace(
      orderBlob(workload, id),
      JSON.stringify({
        ...{ schemaVersion: 1, id, correlationId: 'run-1', task },
        ...{ askedAt: new Date(START).toISOString(), until: '2026-11-27T04:00:00Z' },
      }),
    );
  const text = (name: string): Promise<string | null> => blobs.store.handover.readText(name);
  /** The answer, once the side has told that it is free again: a test that ended before would take the store away under it. */
  const answered = async (id: string): Promise<string> => {
    const answer = await untilThere(() => text(homeAnswerBlob(workload, id)));
    await untilThere(async () => {
      const state = (await text(sideBlob(workload, 'primary'))) ?? '';
      return state.includes('"busy":null') ? true : null;
    });
    return answer;
  };

  it('is quiet until either side is ordered something, and again a quarter of an hour later', async () => {
    const served = service({});
    await served.round();
    expect(served.isQuiet).toBe(true);
    // The standby dumps behind the page: what this side is ordered next must not wait.
    await order('run-1-dump', { what: 'dump', since: null });
    await served.round();
    expect(served.isQuiet).toBe(false);
    now += 900_000;
    expect(served.isQuiet).toBe(false);
    now += 1;
    expect(served.isQuiet).toBe(true);
  });

  it('does one order at a time, says so meanwhile, and that it is at work while its database is away', async () => {
    let asked = 0;
    let end: () => void = () => undefined;
    const served = service({
      discard: async () => {
        asked += 1;
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        return { what: 'discard' };
      },
    });
    await order('run-1-a', { what: 'discard' });
    await order('run-1-b', { what: 'discard' });
    await served.round();
    await served.round();
    expect(asked).toBe(1);
    expect(JSON.parse((await text(sideBlob(workload, 'primary'))) ?? '')).toMatchObject({
      busy: { id: 'run-1-a', what: 'discard' },
      loaded: null,
      fault: null,
    });
    end();
    expect(JSON.parse(await answered('run-1-a'))).toMatchObject({
      outcome: 'done',
      result: { what: 'discard' },
    });
    expect(await text(homeAnswerBlob(workload, 'run-1-b'))).toBeNull();
    await untilThere(async () => {
      await served.round();
      return asked === 2 ? true : null;
    });
    end();
    expect(JSON.parse(await answered('run-1-b'))).toMatchObject({ outcome: 'done' });
  });

  it('answers what nobody expected as a failure, with its words, and leaves the orders of the other side alone', async () => {
    const served = service({ gates: () => Promise.reject(new Error('disk on fire')) });
    await order('run-1-figures', { what: 'figures' });
    await order('run-1-gates', { what: 'gates' });
    await served.round();
    expect(JSON.parse(await answered('run-1-gates'))).toMatchObject({
      outcome: 'failed',
      code: 'UNEXPECTED',
      detail: 'disk on fire',
    });
    expect(await text(homeAnswerBlob(workload, 'run-1-figures'))).toBeNull();
  });

  it('goes on when a store that was away is back', async () => {
    const served = service({ discard: () => Promise.resolve({ what: 'discard' }) });
    await order('run-1-a', { what: 'discard' });
    await blobs.pause('SIGTERM');
    await served.round();
    await blobs.again();
    await served.round();
    expect(JSON.parse(await answered('run-1-a'))).toMatchObject({ outcome: 'done' });
  }, 90_000);
});
