import { homeAnswerBlob, orderBlob, type HomeTask } from '../../../core/data/home.ts';
import type { Session } from '../../../mover/database/session.ts';
import { StandbySide, type Applying } from '../../../mover/home/standby-side.ts';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';
import { untilThere } from '../helpers/way-home.ts';

const START = Date.parse('2026-11-27T03:00:00Z');
const ASKED = '2026-11-27T02:59:58.250Z';
/** A database without any load. */
const session = { query: () => Promise.resolve([]) } as unknown as Session;

describe('the side of the standby', () => {
  let blobs: BlobService;
  let workload = '';
  let round = 0;

  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    round += 1;
    workload = `shop${round}`;
  });

  const quiet = { info: () => undefined, warn: () => undefined };
  const sideThat = (applying: Partial<Applying>): StandbySide =>
    new StandbySide(
      {
        ...{ workload, host: 'standby', store: blobs.store, optionFile: 'none', work: 'none', jobs: 1 },
        ...{ checksums: false, sleep: () => Promise.resolve(), now: () => START, log: quiet },
      },
      { equal: () => Promise.reject(new Error('nobody asked for it')), ...applying },
    );
  const order = (id: string, task: HomeTask): Promise<void> =>
    blobs.store.handover.replace(
      orderBlob(workload, id),
      JSON.stringify({
        ...{ schemaVersion: 1, id, correlationId: 'run-1', task },
        ...{ askedAt: ASKED, until: '2026-11-27T04:00:00Z' },
      }),
    );
  const answered = async (id: string): Promise<unknown> =>
    JSON.parse(await untilThere(() => blobs.store.handover.readText(homeAnswerBlob(workload, id))));

  it('notes that both hold the same since it was asked, not since it came to it, and answers then', async () => {
    const noted: number[] = [];
    const side = sideThat({
      equal: (at) => {
        noted.push(at);
        return Promise.resolve();
      },
    });
    await order('run-1-equal', { what: 'equal' });
    await side.round(session);
    expect(noted).toEqual([Date.parse(ASKED)]);
    expect(await answered('run-1-equal')).toMatchObject({
      outcome: 'done',
      result: { what: 'equal', at: ASKED },
    });
    await side.round(session);
    expect(noted).toHaveLength(1);
  });

  it('says why it could not note it, and goes on', async () => {
    const side = sideThat({ equal: () => Promise.reject(new Error('disk on fire')) });
    await order('run-1-equal', { what: 'equal' });
    await side.round(session);
    expect(await answered('run-1-equal')).toMatchObject({ outcome: 'failed', detail: 'disk on fire' });
    await side.round(session);
  });
});
