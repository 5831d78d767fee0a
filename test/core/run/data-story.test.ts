import { dataOf, dataText, lastDataAt } from '../../../core/run/data-story.ts';
import { workflowStateSchema, type WorkflowState } from '../../../core/run/state.ts';
import { announcementOf, recordOf } from '../../../core/run/story.ts';
import { writesEndAt } from '../../../core/run/writes-end.ts';
import { workflowStates } from '../../lambdas/workflow-states.ts';

/*
 * Goal: what was promised and what was reached stands in the record, and what was lost is counted to the last write that can
 * have been acknowledged.
 */

const ENDED = '2026-03-02T10:13:00.000Z';
/** Down since 09:57:00, the shield at 10:00:10 and everywhere at 10:01:40, moved at 10:12:05. */
const failedOver = workflowStates.failedOver as unknown as Record<string, unknown> & {
  prepared: object;
  confirmation: { value: object };
};
const loss = {
  point: '2026-03-02T09:56:48.000Z',
  lossSeconds: 12,
  detail: null,
  measuredAt: '2026-03-02T10:00:12.000Z',
};
const last = {
  applied: true,
  appliedUntil: '2026-03-02T09:56:58.000Z',
  lostSeconds: 2,
  transactions: 17,
  seconds: 31,
  at: '2026-03-02T10:11:50.000Z',
};
const stateOf = (prepared: object, more: object = {}): WorkflowState =>
  workflowStateSchema.parse({ ...failedOver, ...more, prepared: { ...failedOver.prepared, ...prepared } });
const both = { approval: { decision: 'not-needed', loss }, lastData: { value: last } };

describe('the data of a run', () => {
  it('are what was promised, what was reached and what was lost', () => {
    expect(dataOf(stateOf(both), ENDED)).toEqual({
      promised: '2026-03-02T09:56:48.000Z',
      reached: '2026-03-02T09:56:58.000Z',
      lostSeconds: 2,
      detail: '17 transactions were applied last, in 31 s',
    });
  });

  it('are counted from the promise where nothing was reached', () => {
    expect(dataOf(stateOf({ approval: both.approval }), ENDED)).toMatchObject({
      reached: null,
      lostSeconds: 12,
    });
  });

  it('are lost to nobody where nothing was switched', () => {
    expect(dataOf(stateOf(both, { switched: undefined }), ENDED)).toMatchObject({ lostSeconds: null });
  });

  it('are not lost on paper', () => {
    const dry = stateOf(both, { run: { ...(failedOver['run'] as object), dryRun: true } });
    expect(dataOf(dry, ENDED)).toMatchObject({ reached: null, lostSeconds: null });
    expect(lastDataAt(dry)).toBeNull();
  });

  it('are null where nothing was measured', () => {
    expect(dataOf(stateOf({}), ENDED)).toBeNull();
  });

  it('are in the timeline and in the announcement', () => {
    const record = recordOf(stateOf(both), ENDED);
    expect(record.timeline).toContainEqual({
      at: '2026-03-02T10:11:50.000Z',
      event: 'the last data were applied, and the standby opened its database',
    });
    expect(announcementOf(record, { name: 'Shop', url: 'https://shop.example.com' }).text).toContain(
      '\nData: 2 s of writes lost (recovery point 09:56:58 UTC). 17 transactions were applied last, in 31 s.\n',
    );
  });

  it('say that nobody knows where nobody does, and nothing where nothing was moved', () => {
    const nobody = { promised: null, reached: null, lostSeconds: null, detail: 'the store was empty' };
    expect(dataText(nobody)).toEqual(['Data: nobody knows what was lost: the store was empty.']);
    expect(dataText({ ...nobody, promised: ENDED })).toEqual([]);
    expect(dataText(null)).toEqual([]);
  });
});

describe('the last write that can have been acknowledged', () => {
  const now = Date.parse(ENDED);
  const at = (state: object): string => new Date(writesEndAt(state, now)).toISOString();
  const verdict = (word: string, since: string | null) => ({
    confirmation: { value: { ...failedOver.confirmation.value, verdict: word, since } },
  });
  const { shield } = failedOver;

  it('is the start of the outage while the primary is down', () => {
    expect(at({ ...verdict('outage', '2026-03-02T09:57:00.000Z'), shield })).toBe('2026-03-02T09:57:00.000Z');
  });

  it('is the shield where the primary served until then: everywhere, or at least raised', () => {
    const degraded = verdict('degraded', '2026-03-02T09:57:00.000Z');
    expect(at({ ...degraded, shield })).toBe('2026-03-02T10:00:10.000Z');
    expect(at({ ...degraded, shield, prepared: failedOver.prepared })).toBe('2026-03-02T10:01:40.000Z');
    // A person vouched: nobody knows since when.
    expect(at({ shield })).toBe('2026-03-02T10:00:10.000Z');
  });

  it('is now as long as users are on the primary', () => {
    expect(at(verdict('degraded', '2026-03-02T09:57:00.000Z'))).toBe(ENDED);
    expect(at(verdict('outage', null))).toBe(ENDED);
    expect(at({})).toBe(ENDED);
  });
});
