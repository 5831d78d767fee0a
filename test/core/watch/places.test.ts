import { parseConfig } from '../../../core/config/parse.ts';
import { placesOf } from '../../../core/watch/places.ts';
import { dataWith, shippedConfig } from '../config-fixture.ts';

describe('the places of the probes', () => {
  it('are the Regions that probes are sent from, in their order', () => {
    expect(placesOf(shippedConfig())).toEqual(['ap-southeast-1', 'us-west-2', 'eu-central-1']);
    const two = parseConfig(dataWith({ 'controller.probeRegions': ['us-west-2', 'ap-southeast-1'] }));
    expect(placesOf(two)).toEqual(['us-west-2', 'ap-southeast-1']);
  });

  it('are not that of the controller, unless it is listed', () => {
    expect(placesOf(shippedConfig())).not.toContain('ap-northeast-1');
    expect(placesOf({ controller: { probeRegions: ['ap-northeast-1', 'us-west-2'] } })).toContain(
      'ap-northeast-1',
    );
  });
});
