import type { DataEvidence, Evidence } from '../../drill/rules/rule.ts';
import { data } from '../../drill/rules/data.ts';
import { after, evidenceOf, executionOf, routeWriteOf } from './fixture.ts';

/* The fixture: writes 1 and 2 on the primary at -10 and -1 s, shield everywhere at 140 s, standby opened at 704 s, users moved at 705 s. */

const judged = (changes: Partial<DataEvidence>, more: Partial<Evidence> = {}) =>
  data(evidenceOf({ data: { ...evidenceOf().data, ...changes }, ...more }));

describe('the rule data', () => {
  it('holds in a failover as it should be, and says what is on the standby', () => {
    expect(judged({})).toEqual({
      name: 'data',
      held: true,
      detail: '2 writes of the primary are on the standby, in order, once',
    });
  });

  it('is broken by a write that was shipped and is missing', () => {
    expect(judged({ applied: [1] })).toEqual({
      name: 'data',
      held: false,
      detail:
        '1 writes up to 2026-03-01T03:05:00.000Z were shipped and are not on the standby, the first of 2026-03-01T03:04:59.000Z',
    });
  });

  it('asks for nothing that was never shipped, or was said to be only after the shield was up everywhere', () => {
    const late = { beats: [{ storedAt: after(141), wholeUntil: after(0) }], applied: [] };
    expect(judged(late).held).toBe(true);
    expect(judged({ ...late, beats: [{ storedAt: after(139), wholeUntil: after(0) }] }).held).toBe(false);
    expect(judged({ ...late, beats: [{ storedAt: after(0), wholeUntil: null }] }).held).toBe(true);
    expect(judged({ ...late, beats: [] }).held).toBe(true);
  });

  it('asks for nothing as long as nobody is moved, or where only dumps are made', () => {
    expect(judged({ applied: [], openedAt: null }, { routeWrites: [routeWriteOf()] }).held).toBe(true);
    expect(judged({ applied: [], mode: 'dump' }).held).toBe(true);
  });

  it('is broken by a share of the users as by all of them', () => {
    const share = routeWriteOf({ at: after(705), percentOnStandby: 5 });
    expect(judged({ applied: [1] }, { routeWrites: [routeWriteOf(), share] }).held).toBe(false);
  });

  it.each([
    ['twice', [1, 2, 2], 'write 2 was applied twice'],
    ['out of order', [2, 1], 'write 1 was applied after a later one'],
    ['from nowhere', [1, 2, 99], 'write 99 is on the standby and was never accepted by anybody'],
  ])('is broken by a write that was applied %s', (_, applied, detail) => {
    expect(judged({ applied })).toEqual({ name: 'data', held: false, detail });
  });

  it('is broken by a standby that was opened before a shield was up everywhere', () => {
    expect(judged({ openedAt: after(139) })).toEqual({
      name: 'data',
      held: false,
      detail:
        'the standby was opened for writes at 2026-03-01T03:07:19.000Z, before a shield was up everywhere',
    });
    expect(judged({ openedAt: after(140) }).held).toBe(true);
    expect(judged({ openedAt: after(139), shieldedAt: [] }).held).toBe(false);
    expect(judged({ openedAt: null, shieldedAt: [] }).held).toBe(true);
  });

  it('knows nothing of a site that brings its data over by its own means', () => {
    const own: Partial<DataEvidence> = {
      mode: 'none',
      beats: [],
      applied: [],
      openedAt: after(0),
      shieldedAt: [],
    };
    expect(judged(own)).toEqual({
      name: 'data',
      held: true,
      detail: 'the site brings its data over by its own means',
    });
    expect(judged({ ...own, mode: 'dump' }).held).toBe(false);
  });

  it('asks of a planned move that nothing is missing, shipped or not', () => {
    const input = { workload: 'petclinic', planned: true };
    const planned = [executionOf({ input })];
    const unshipped = { applied: [1], beats: [] };
    expect(judged(unshipped).held).toBe(true);
    expect(judged({ ...unshipped, applied: [1, 2] }, { executions: planned }).held).toBe(true);
    expect(judged(unshipped, { executions: planned })).toEqual({
      name: 'data',
      held: false,
      detail: `the planned move ${executionOf().name} left 1 acknowledged writes behind`,
    });
  });

  it('asks no more of a planned move that has become a failover, or moved nobody', () => {
    const input = { workload: 'petclinic', planned: true };
    const states = [{ name: 'The planned move becomes a failover', at: after(60) }];
    const unshipped = { applied: [1], beats: [] };
    expect(judged(unshipped, { executions: [executionOf({ input, states })] }).held).toBe(true);
    const home = { executions: [executionOf({ input })], routeWrites: [routeWriteOf()] };
    expect(judged({ ...unshipped, openedAt: null }, home).held).toBe(true);
  });
});
