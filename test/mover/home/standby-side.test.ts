import { setTimeout as wait } from 'node:timers/promises';
import { homeAnswerBlob, openedBlob, orderBlob, sideBlob, type HomeTask } from '../../../core/data/home.ts';
import type { Session } from '../../../mover/database/session.ts';
import { MoverError } from '../../../mover/errors.ts';
import { readOpened } from '../../../mover/home/opened.ts';
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
  let now = START;

  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    now = START;
    round += 1;
    workload = `shop${round}`;
  });

  const unasked = (): Promise<never> => Promise.reject(new Error('nobody asked for it'));
  const quiet = { info: () => undefined, warn: () => undefined };
  const sideThat = (applying: Partial<Applying>): StandbySide =>
    new StandbySide(
      {
        ...{ workload, host: 'standby', store: blobs.store, optionFile: 'none', work: 'none', jobs: 1 },
        ...{ checksums: false, sleep: () => wait(50), now: () => now, log: quiet },
      },
      { equal: unasked, follow: unasked, ...applying },
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
    await side.round(session, 'night');
    expect(noted).toEqual([Date.parse(ASKED)]);
    expect(await answered('run-1-equal')).toMatchObject({
      outcome: 'done',
      result: { what: 'equal', at: ASKED },
    });
    await side.round(session, 'night');
    expect(noted).toHaveLength(1);
  });

  it('says why it could not note it, and goes on', async () => {
    const side = sideThat({ equal: () => Promise.reject(new Error('disk on fire')) });
    await order('run-1-equal', { what: 'equal' });
    await side.round(session, 'night');
    expect(await answered('run-1-equal')).toMatchObject({ outcome: 'failed', detail: 'disk on fire' });
    await side.round(session, 'night');
  });

  it('follows again by the name of the order, says meanwhile that it is at work, and answers with the dump', async () => {
    let end: (dump: string) => void = () => undefined;
    let asked = '';
    const side = sideThat({
      follow: (order) => {
        asked = order;
        return new Promise((resolve) => {
          end = resolve;
        });
      },
    });
    await order('run-1-follow', { what: 'follow' });
    const done = side.round(session, 'night');
    const state = (): Promise<string | null> => blobs.store.handover.readText(sideBlob(workload, 'standby'));
    await untilThere(async () => (((await state()) ?? '').includes('"what":"follow"') ? true : null));
    now += 60_000;
    await untilThere(async () =>
      ((await state()) ?? '').includes(new Date(now).toISOString()) ? true : null,
    );
    expect(asked).toBe('run-1-follow');
    expect(await blobs.store.handover.length(homeAnswerBlob(workload, 'run-1-follow'))).toBeNull();
    end('20261127T030000Z');
    await done;
    expect(await answered('run-1-follow')).toMatchObject({
      outcome: 'done',
      result: { what: 'follow', dump: '20261127T030000Z' },
    });
  });

  it('does not answer what the end of its database has cut off: the next process does it again', async () => {
    const gone = new MoverError('database', 'DATABASE_REFUSED', 'the database went away');
    await order('run-1-follow', { what: 'follow' });
    await sideThat({ follow: () => Promise.reject(gone) }).round(session, 'night');
    await wait(300);
    expect(await blobs.store.handover.length(homeAnswerBlob(workload, 'run-1-follow'))).toBeNull();
    await sideThat({ follow: () => Promise.resolve('20261127T030000Z') }).round(session, null);
    expect(await answered('run-1-follow')).toMatchObject({ outcome: 'done' });
  });

  it('takes back that it is open as soon as it is not, and counts nothing then', async () => {
    const opened = (): Promise<string | null> => blobs.store.handover.readText(openedBlob(workload));
    await blobs.store.handover.replace(openedBlob(workload), '{"openedFor":"night"}');
    await order('run-1-figures', { what: 'figures' });
    const side = sideThat({});
    await side.round(session, null);
    expect(await opened()).toBe('null');
    expect(await answered('run-1-figures')).toMatchObject({ outcome: 'failed', code: 'NOT_OPENED' });
    await expect(readOpened(blobs.store.handover, workload)).rejects.toThrow('has told nothing');
  });

  it('looks for orders every 20 s where it is closed', async () => {
    const side = sideThat({ follow: () => Promise.resolve('20261127T030000Z') });
    await side.round(session, null);
    await order('run-1-follow', { what: 'follow' });
    now += 19_999;
    await side.round(session, null);
    await wait(300);
    expect(await blobs.store.handover.length(homeAnswerBlob(workload, 'run-1-follow'))).toBeNull();
    now += 1;
    await side.round(session, null);
    expect(await answered('run-1-follow')).toMatchObject({ outcome: 'done' });
  });
});
