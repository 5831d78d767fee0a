import type { Signal } from '../../../core/watch/signal.ts';
import { decideVerdict, type Evidence } from '../../../core/watch/verdict.ts';
import { at, DEAD, live, POLICY } from './history.ts';

/*
 * Goal: the alarm on the figures of the watch is a second kind of signal only where its eyes, which are those of the probes, see
 * the outage on both ways; other alarms are one always. Method: a primary that is dead by every look, and one alarm that rings.
 */

type Sight = Signal['observation'];

const alarm = (eyes: Signal['eyes'], observation: Sight = 'bad'): Signal => ({
  source: `alarm:${eyes}`,
  kind: 'alarm',
  eyes,
  about: 'primary',
  place: 'ap-northeast-1',
  observation,
  at: '2026-03-01T03:00:00.000Z',
  detail: '',
});
const probe = (place: string, about: Signal['about'], observation: Sight): Signal => ({
  ...alarm('watch', observation),
  source: `probe:${about}:${place}`,
  kind: 'probe',
  about,
  place,
});
/** What three places see at the door, where all see it bad, and through the edge. */
const probes = (...edge: readonly Sight[]): Signal[] =>
  ['a', 'b', 'c'].flatMap((place, index) => [
    probe(place, 'primary', 'bad'),
    probe(place, 'edge', edge[index] ?? 'unknown'),
  ]);

function weigh(signals: readonly Signal[]) {
  const { memory, now } = live([[60, DEAD]]);
  const quorum = { signals: 4, kinds: 2, places: 2 };
  const patience = { patient: true, alarmSeconds: 360, runFrom: at(0) };
  const evidence: Evidence = {
    signals,
    memory,
    policy: POLICY,
    quorum,
    unrest: 0,
    ...patience,
    now,
  };
  return decideVerdict(evidence);
}

describe('the alarm of the watch', () => {
  it.each<[string, readonly Sight[], string]>([
    ['all places see it through the edge too', ['bad', 'bad', 'bad'], 'outage'],
    ['as many as the quorum wants see it through the edge too', ['bad', 'bad', 'good'], 'outage'],
    ['fewer see it through the edge', ['bad', 'good', 'good'], 'inconclusive'],
    ['users are served', ['good', 'good', 'good'], 'inconclusive'],
    ['users are served now and then', ['degraded', 'degraded', 'degraded'], 'inconclusive'],
    ['users are behind the shield, so that there is no second way', [], 'outage'],
    ['one place alone knows the second way, and it is good', ['good'], 'inconclusive'],
  ])('counts as one kind where %s: %j, %s', (_, edge, verdict) => {
    expect(weigh([alarm('watch'), ...probes(...edge)]).verdict).toBe(verdict);
  });

  it('says with which numbers it was not believed', () => {
    expect(weigh([alarm('watch'), ...probes('good', 'good', 'good')]).summary).toContain(
      '4 of 7 signals bad (4 needed) of 1 kinds (2 needed)',
    );
  });

  it('stands beside an alarm of other eyes, which needs no second way', () => {
    const seen = probes('good', 'good', 'good');
    expect(weigh([alarm('watch'), alarm('others'), ...seen]).verdict).toBe('outage');
    expect(weigh([alarm('watch'), alarm('others', 'good'), ...seen]).verdict).toBe('inconclusive');
  });
});

describe('an alarm of other eyes', () => {
  it('counts as a kind of its own, whatever users get', () => {
    expect(weigh([alarm('others'), ...probes('good', 'good', 'good')]).verdict).toBe('outage');
    expect(weigh([alarm('others', 'good'), ...probes('bad', 'bad', 'bad')]).verdict).toBe('inconclusive');
  });
});
