import { measureRto, summariseData, summariseUsers } from '../../../drill/report/summary.ts';
import type { UserRequest } from '../../../drill/world/users.ts';
import { after, evidenceOf, executionOf, requestOf, routeWriteOf, writeOf } from '../fixture.ts';

const failed = (seconds: number): UserRequest => requestOf(seconds, { experience: 'failed', servedBy: null });
const behindShield = (seconds: number): UserRequest =>
  requestOf(seconds, { experience: 'maintenance', servedBy: null });
const byStandby = (seconds: number): UserRequest => requestOf(seconds, { servedBy: 'standby' });

const everything = (): boolean => true;

describe('summariseUsers', () => {
  it('counts requests by what they came to', () => {
    const requests = [requestOf(-1), failed(0), failed(1), behindShield(2), byStandby(3)];
    expect(summariseUsers(evidenceOf({ requests }), everything)).toMatchObject({
      requests: 5,
      failed: 2,
      maintenance: 1,
    });
  });

  it('counts a second as down when fewer than half of its requests were served', () => {
    const requests = [
      // Half is not fewer than half.
      ...[requestOf(0), failed(0.5)],
      ...[requestOf(1), failed(1.2), failed(1.9)],
      ...[behindShield(2), behindShield(2.5)],
      // Nobody asked in the seconds from 3 to 8.
      ...[byStandby(9)],
    ];
    expect(summariseUsers(evidenceOf({ requests }), everything).downSeconds).toBe(2);
  });

  it('has no down second where nobody asked', () => {
    expect(summariseUsers(evidenceOf({ requests: [] }), everything).downSeconds).toBe(0);
  });

  it('counts the acknowledged writes that the serving database does not hold', () => {
    const requests = [
      requestOf(0, { writeId: 1 }),
      requestOf(1, { writeId: 2 }),
      requestOf(2, { writeId: 3 }),
      // A write that was refused was promised to nobody.
      failed(3),
    ];
    const evidence = evidenceOf({ requests });
    expect(summariseUsers(evidence, (id) => id === 1).writesLost).toBe(2);
    expect(summariseUsers(evidence, everything).writesLost).toBe(0);
  });

  it('counts the writes that the primary took after the first on the standby', () => {
    const evidence = evidenceOf({ primaryWrites: [writeOf(1, 5), writeOf(2, 711)] });
    expect(summariseUsers(evidence, everything).splitBrainWrites).toBe(1);
    expect(summariseUsers(evidenceOf(), everything).splitBrainWrites).toBe(0);
  });
});

describe('summariseData', () => {
  it('tells the point that the store had at the move, what it promised, and what was really lost', () => {
    expect(summariseData(evidenceOf(), (id) => id === 1)).toEqual({
      mode: 'ship',
      recoveryPoint: '2026-03-01T03:05:00.000Z',
      promisedLossSeconds: 0,
      lostSeconds: 0,
    });
    const primaryWrites = [writeOf(1, -10), writeOf(2, 1), writeOf(3, 4.5)];
    expect(summariseData(evidenceOf({ primaryWrites }), (id) => id === 1)).toMatchObject({
      promisedLossSeconds: 4.5,
      lostSeconds: 3.5,
    });
    expect(summariseData(evidenceOf({ primaryWrites }), everything)).toMatchObject({ lostSeconds: 0 });
  });

  it('counts nothing that came into the store after the move', () => {
    const { data } = evidenceOf();
    const beats = [...data.beats, { storedAt: after(706), wholeUntil: after(700) }];
    expect(summariseData(evidenceOf({ data: { ...data, beats } }), everything)).toMatchObject({
      recoveryPoint: '2026-03-01T03:05:00.000Z',
    });
  });

  it('takes the newest dump where nothing is shipped, and no point where the site has its own means', () => {
    const { data } = evidenceOf();
    const dumps = summariseData(evidenceOf({ data: { ...data, mode: 'dump', beats: [] } }), () => false);
    expect(dumps).toEqual({
      mode: 'dump',
      recoveryPoint: '2026-03-01T03:00:00.000Z',
      promisedLossSeconds: 299,
      lostSeconds: 9,
    });
    const own = evidenceOf({ data: { ...data, mode: 'none', beats: [], dumps: [] } });
    expect(summariseData(own, () => false)).toEqual({
      ...{ mode: 'none', recoveryPoint: null, promisedLossSeconds: null, lostSeconds: 9 },
    });
  });

  it('tells nothing where nobody was moved', () => {
    expect(summariseData(evidenceOf({ routeWrites: [routeWriteOf()] }), everything)).toBeNull();
  });
});

describe('measureRto', () => {
  const main = executionOf();
  const requests = [requestOf(-5), failed(2), behindShield(120), byStandby(719.5), byStandby(725)];

  it('counts from the first failed request to the first good answer of the standby, by phase', () => {
    expect(measureRto(evidenceOf({ requests }), main)).toEqual({
      totalSeconds: 717.5,
      phases: { detect: 98, confirm: 10, shield: 2, prepare: 588, switch: 5, converge: 14.5 },
    });
  });

  it('adds up to the total, whatever fractions the moments have', () => {
    const uneven = [failed(2.0417), byStandby(719.5833)];
    const rto = measureRto(evidenceOf({ requests: uneven }), main);
    expect(rto?.totalSeconds).toBe(717.5);
    expect(Object.values(rto?.phases ?? {}).reduce((sum, seconds) => sum + seconds, 0)).toBe(717.5);
  });

  it('does not take an answer of the standby before the switch for the end of the outage', () => {
    const early = [failed(2), byStandby(704), byStandby(719.5)];
    expect(measureRto(evidenceOf({ requests: early }), main)?.totalSeconds).toBe(717.5);
  });

  it.each([
    ['nothing was switched', evidenceOf({ requests, routeWrites: [routeWriteOf()] })],
    ['there was no shield', evidenceOf({ requests, routeWrites: [routeWriteOf({ origin: 'standby' })] })],
    ['no request failed', evidenceOf({ requests: [requestOf(2), byStandby(719.5)] })],
    ['the standby served nobody', evidenceOf({ requests: [failed(2), requestOf(719.5)] })],
    ['another execution moved', evidenceOf({ requests, executions: [executionOf({ name: 'run-2' })] })],
  ])('is null where %s', (_, evidence) => {
    expect(measureRto(evidence, evidence.executions[0]!)).toBeNull();
  });

  it('has no negative phase where an execution was started before the first failed request', () => {
    const vouched = executionOf({ startedAt: after(1) });
    expect(measureRto(evidenceOf({ requests }), vouched)).toEqual({
      totalSeconds: 717.5,
      phases: { detect: 0, confirm: 108, shield: 2, prepare: 588, switch: 5, converge: 14.5 },
    });
  });
});
