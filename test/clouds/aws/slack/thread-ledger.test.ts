import { makeLedger } from '../../../../clouds/aws/ledger/ledger.ts';
import { NOW, slackWorld, TABLE } from '../../../lambdas/slack-fixture.ts';

const ID = ['petclinic', 'run-1'] as const;

describe('the threads in the ledger', () => {
  it('give a phase to the first who claims it, and again only after it was given back', async () => {
    const { threads } = slackWorld();
    expect(await Promise.all([threads.claim(...ID, 'switch'), threads.claim(...ID, 'switch')])).toEqual([
      true,
      false,
    ]);
    await expect(threads.isTold(...ID, 'switch')).resolves.toBe(true);
    await expect(threads.isTold(...ID, 'verify')).resolves.toBe(false);
    await expect(threads.claim(...ID, 'verify')).resolves.toBe(true);
    await expect(threads.claim('petclinic', 'run-2', 'switch')).resolves.toBe(true);
    await threads.unclaim(...ID, 'switch');
    await expect(threads.isTold(...ID, 'switch')).resolves.toBe(false);
    await expect(threads.claim(...ID, 'switch')).resolves.toBe(true);
    await expect(threads.claim(...ID, 'verify')).resolves.toBe(false);
  });

  it('remember where the message stands, beside what was claimed', async () => {
    const { threads } = slackWorld();
    await expect(threads.message(...ID)).resolves.toBeNull();
    await threads.claim(...ID, 'message');
    await expect(threads.message(...ID)).resolves.toBeNull();
    await threads.noteMessage(...ID, { channel: 'C1', ts: '1.2' });
    await expect(threads.message(...ID)).resolves.toEqual({ channel: 'C1', ts: '1.2' });
    await expect(threads.claim(...ID, 'message')).resolves.toBe(false);
  });

  it('know a run by the lease, while it holds it and as the last who held it', async () => {
    const { threads, aws, log } = slackWorld();
    const ledger = makeLedger({ ...aws, tableName: TABLE, log });
    await expect(threads.isAbout(...ID)).resolves.toBe(false);
    const request = {
      workload: 'petclinic',
      execution: 'run-1',
      now: NOW,
      expiresAt: NOW + 1,
      byPerson: true,
    };
    await ledger.takeLease(request);
    await expect(threads.isAbout(...ID)).resolves.toBe(true);
    await expect(threads.isAbout('petclinic', 'run-2')).resolves.toBe(false);
    await expect(threads.isAbout('other', 'run-1')).resolves.toBe(false);
  });

  it('find no record of a run that wrote none', async () => {
    const { threads } = slackWorld();
    await expect(threads.record(...ID)).resolves.toBeNull();
  });

  it('say so where the ledger does not answer', async () => {
    const { threads, breakCalls } = slackWorld();
    breakCalls(() => ({ status: 400, body: '{"__type":"AccessDeniedException"}' }));
    for (const call of [threads.claim(...ID, 'x'), threads.message(...ID), threads.record(...ID)]) {
      await expect(call).rejects.toMatchObject({ name: 'CloudRefused' });
    }
  });
});
