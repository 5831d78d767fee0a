import { forwardPattern, ownForwardPattern, startPattern } from '../../../core/watch/detection.ts';
import { matches } from '../../../drill/world/event-bus.ts';
import { ownAlarmEventOf, ownAlarmViews, type OwnAlarm } from '../../../drill/world/own-alarms.ts';
import { START } from '../clouds/fixture.ts';

const ALARMS: readonly OwnAlarm[] = [
  { name: 'orders', region: 'eu-west-1', kind: 'composite', ringingSince: START },
  { name: 'disk', region: 'eu-west-1', kind: 'metric', ringingSince: null },
  { name: 'login', region: 'us-east-1', kind: 'metric', ringingSince: null },
];

describe('alarms of the site’s own', () => {
  it('are shown in their Region, as they ring and of the kind that they are', () => {
    const seen = ownAlarmViews(ALARMS, 'eu-west-1');
    expect(seen.map(({ name, kind, state, stateUpdated }) => [name, kind, state, stateUpdated])).toEqual([
      ['orders', 'composite', 'ALARM', START],
      ['disk', 'metric', 'OK', 0],
    ]);
    expect(ownAlarmViews(ALARMS, 'ap-northeast-2')).toEqual([]);
  });

  it('ring with an event that the rules for them let through, and those for ours do not', () => {
    const event = ownAlarmEventOf(ALARMS[0]!, '111122223333');
    expect(event).toMatchObject({
      account: '111122223333',
      region: 'eu-west-1',
      time: '2026-03-02T00:00:00.000Z',
      resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders'],
      detail: {
        alarmName: 'orders',
        state: { value: 'ALARM', timestamp: '2026-03-02T00:00:00.000+0000' },
        configuration: { alarmRule: expect.any(String) as string },
      },
    });
    const patterns = [
      ownForwardPattern(['orders']),
      startPattern,
      ownForwardPattern(['disk']),
      forwardPattern,
    ];
    expect(patterns.map((pattern) => matches(pattern, event))).toEqual([true, true, false, false]);
  });

  it('tell of metrics where they have any', () => {
    expect(ownAlarmEventOf(ALARMS[1]!, '111122223333')).toMatchObject({
      detail: { configuration: { metrics: [] } },
    });
  });
});
