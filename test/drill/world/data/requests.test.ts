import { pendingRequest } from '../../../../drill/world/data/requests.ts';
import { storeOf } from './fixture.ts';

const NOBODY: ReadonlySet<string> = new Set();

function storeWith(requests: Readonly<Record<string, string>>) {
  const store = storeOf();
  for (const [id, askedAt] of Object.entries(requests)) {
    const text = JSON.stringify({ correlationId: id, askedAt });
    store.put('handover', `petclinic/${id}/request.json`, { text, at: 0, onlyIfAbsent: true });
  }
  return store;
}

describe('the request that waits for an answer', () => {
  const store = storeWith({ a: '2026-03-02T00:00:10.000Z', b: '2026-03-02T00:00:20.000Z' });
  const since = Date.parse('2026-03-02T00:00:00.000Z');

  it('is the newest', () => {
    expect(pendingRequest(store, 'petclinic', { since, answered: NOBODY })).toEqual({
      correlationId: 'b',
      askedAt: Date.parse('2026-03-02T00:00:20.000Z'),
      wholeBy: null,
    });
  });

  it('says by when everything must be there, where it is of a planned move', () => {
    const wholeBy = '2026-03-02T00:01:05.000Z';
    const planned = storeOf();
    const text = JSON.stringify({ correlationId: 'p', askedAt: '2026-03-02T00:00:20.000Z', wholeBy });
    planned.put('handover', 'petclinic/p/request.json', { text, at: 0, onlyIfAbsent: true });
    expect(pendingRequest(planned, 'petclinic', { since, answered: NOBODY })).toMatchObject({
      wholeBy: Date.parse('2026-03-02T00:01:05.000Z'),
    });
  });

  it('is none that was answered, that is older than the load, or that is about another workload', () => {
    const answered = new Set(['b']);
    expect(pendingRequest(store, 'petclinic', { since, answered })).toMatchObject({ correlationId: 'a' });
    expect(pendingRequest(store, 'petclinic', { since: since + 15_000, answered })).toBeNull();
    expect(pendingRequest(store, 'orders', { since, answered: NOBODY })).toBeNull();
    expect(
      pendingRequest(storeWith({ a: 'yesterday' }), 'petclinic', { since, answered: NOBODY }),
    ).toBeNull();
  });
});
