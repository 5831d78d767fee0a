import {
  regionBesides,
  suggestDisplayName,
  suggestId,
  suggestPlaces,
  suggestQuorum,
} from '../../../core/config/suggest.ts';
import { continentOf, isOptIn, regionNames } from '../../../core/config/regions.ts';
import { WORKLOAD_ID } from '../../../core/config/schema.ts';

describe('the id of a workload', () => {
  it.each([
    ['shop.acme.org', 'shop'],
    ['www.acme.org', 'acme'],
    ['www2.acme.co.uk', 'acme'],
    ['acme.org', 'acme'],
    ['my-online-book-shop.acme.org', 'myonlinebook'],
    ['24hours.acme.org', 'hours'],
    ['24.acme.org', 'site'],
    ['a.acme.org', 'site'],
    ['www.org', 'www'],
    ['', 'site'],
  ])('is guessed from %s as %s', (host, id) => {
    expect(suggestId(host)).toBe(id);
    expect(id).toMatch(WORKLOAD_ID);
  });
});

describe('the name of a site', () => {
  it.each([
    ['shop.acme.org', 'Shop'],
    ['www.big-acme.org', 'Big-acme'],
    ['localhost', 'localhost'],
  ])('is guessed from %s as %s', (host, name) => {
    expect(suggestDisplayName(host)).toBe(name);
  });
});

describe('the Regions of controller and probes', () => {
  it.each([
    ['ap-northeast-2', 'ap-northeast-1', ['ap-southeast-1', 'us-west-2', 'eu-central-1']],
    ['us-east-1', 'us-west-2', ['ap-northeast-1', 'us-east-2', 'eu-central-1']],
    ['eu-central-1', 'eu-west-1', ['ap-northeast-1', 'us-west-2', 'eu-west-3']],
    ['sa-east-1', 'us-west-2', ['ap-northeast-1', 'us-east-2', 'eu-central-1']],
    ['af-south-1', 'eu-central-1', ['ap-northeast-1', 'us-west-2', 'eu-west-1']],
  ])('are for a primary in %s: %s and %j', (primary, controller, probes) => {
    expect(suggestPlaces(primary)).toEqual({ controller, probes });
  });

  it.each(regionNames)('leave out a primary in %s, us-east-1 and whatever has to be turned on', (primary) => {
    const { controller, probes } = suggestPlaces(primary);
    const all = [controller, ...probes];
    expect(new Set(all).size).toBe(4);
    expect(all.filter((name) => name === primary || name === 'us-east-1' || isOptIn(name))).toEqual([]);
    expect(new Set(probes.map(continentOf)).size).toBe(3);
  });

  it('leave the controller where somebody wants it, and the probes out of its Region', () => {
    expect(suggestPlaces('ap-northeast-2', 'eu-central-1')).toEqual({
      controller: 'eu-central-1',
      probes: ['ap-northeast-1', 'us-west-2', 'eu-west-1'],
    });
  });

  it('are never one that is taken, nor one that has to be turned on', () => {
    expect(regionBesides([])).toBe('ap-northeast-1');
    expect(regionBesides(['ap-northeast-1', 'ap-northeast-2'])).toBe('ap-northeast-3');
  });
});

describe('the quorum', () => {
  it.each([
    [2, { signals: 4, kinds: 2, places: 2 }],
    [3, { signals: 4, kinds: 2, places: 2 }],
    [4, { signals: 6, kinds: 2, places: 3 }],
  ])('of %d places is %j', (places, quorum) => {
    expect(suggestQuorum(places)).toEqual(quorum);
  });
});
