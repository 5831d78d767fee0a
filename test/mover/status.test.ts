import { statusText, type Status } from '../../mover/status.ts';
import { beat, DUMP } from '../core/data/fixture.ts';

const NOW = Date.parse('2026-11-27T08:00:12Z');
const status = (more: Partial<Status> = {}): Status => ({
  recoveryPoint: {
    ...{
      known: true,
      at: Date.parse('2026-11-27T08:00:00Z'),
      dump: DUMP,
      from: 'log',
      backlogBytes: 1_250_000,
    },
    detail: null,
  },
  beat: beat(),
  applier: {
    ...{ schemaVersion: 1, at: '2026-11-27T08:00:11.000Z', state: 'following', dump: DUMP, transactions: 7 },
    ...{ appliedUntil: '2026-11-27T08:00:00.000Z', lastTransactionAt: null, backlogBytes: 0, fault: null },
  },
  dumps: [DUMP],
  ...more,
});

describe('the status', () => {
  it('of a workload that is well is these lines', () => {
    expect(statusText(status(), NOW).split('\n')).toEqual([
      'Recovery point  2026-11-27T08:00:00.000Z (12 s ago), by the log of 20261127T030000Z',
      'Log to replay   1.3 MB',
      'Whole dumps     1, the newest 20261127T030000Z',
      'Shipper         last heard of 2026-11-27T08:00:10.000Z',
      'Restore proven  2026-11-27T04:00:00.000Z: good, 7 tables and 1000 rows in 12.5 s',
      'Standby         following at 2026-11-27T08:00:11.000Z, applied until 2026-11-27T08:00:00.000Z',
      '',
    ]);
  });

  it('of a workload of which nothing is known says so in each line', () => {
    const none = status({
      recoveryPoint: { known: false, detail: 'no whole dump is in the store' },
      ...{ beat: null, applier: null, dumps: [] },
    });
    expect(statusText(none, NOW).split('\n')).toEqual([
      'Recovery point  unknown',
      '                no whole dump is in the store',
      'Whole dumps     0',
      'Shipper         never heard of',
      'Restore proven  never',
      'Standby         nothing is applied',
      '',
    ]);
  });

  it('says why a dump, a proof or the log is not as it should be', () => {
    const dumpFault = { at: '2026-11-27T03:00:00Z', detail: 'table shop.a has the engine MyISAM' };
    const proof = { ...beat().proof!, good: false, detail: 'table shop.a is missing' };
    const text = statusText(status({ beat: beat({ dumpFault, proof }) }), NOW);
    expect(text).toContain(
      'last heard of 2026-11-27T08:00:10.000Z; the last dump failed: table shop.a has the engine MyISAM',
    );
    expect(text).toContain('Restore proven  2026-11-27T04:00:00.000Z: NOT good: table shop.a is missing');
  });

  it('never tells of a moment that lies before us as of one in the past', () => {
    expect(statusText(status(), NOW - 60_000)).toContain('(0 s ago)');
  });
});
