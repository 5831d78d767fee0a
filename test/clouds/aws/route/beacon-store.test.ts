import { makeBeaconStore } from '../../../../clouds/aws/route/beacon-store.ts';
import { CloudAnswerUnreadable, CloudRefused } from '../../../../core/errors.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok, rejectionOf } from '../helpers.ts';

/*
 * Goal: a beacon costs one call where nobody else writes, two where somebody has, and gives way to whoever writes at the same moment.
 */

const STORE_PATH =
  '/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F11111111-2222-3333-4444-555555555555';
const described: Answer = { status: 200, headers: { etag: 'E7' }, body: '{"ItemCount":2}' };
const written: Answer = { status: 200, headers: { etag: 'E8' }, body: '{"ItemCount":2}' };
const conflict = jsonError(409, 'ConflictException');

function storeAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const storeArnOf = (): string =>
    'arn:aws:cloudfront::123456789012:key-value-store/11111111-2222-3333-4444-555555555555';
  return { store: makeBeaconStore({ ...access, storeArnOf }), sent };
}
const calls = (sent: ReturnType<typeof storeAnswering>['sent']): string[] =>
  sent.map(
    ({ method, path, headers }) => `${method} ${path.slice(STORE_PATH.length)} ${headers['if-match'] ?? ''}`,
  );

describe('writing a beacon', () => {
  it('asks for no version where the last one is known, and answers the new one', async () => {
    const { store, sent } = storeAnswering(written);
    expect(await store.write('petclinic', '2026-11-22T10:00:00.000Z', 'E7')).toBe('E8');
    expect(calls(sent)).toEqual(['PUT /keys/beacon E7']);
    expect(jsonOf(sent[0])).toEqual({ Value: '2026-11-22T10:00:00.000Z' });
  });

  it('asks for the version the first time', async () => {
    const { store, sent } = storeAnswering(described, written);
    expect(await store.write('petclinic', 'x', null)).toBe('E8');
    expect(calls(sent)).toEqual(['GET  ', 'PUT /keys/beacon E7']);
  });

  it('asks for it once where the route has moved since', async () => {
    const { store, sent } = storeAnswering(conflict, described, written);
    expect(await store.write('petclinic', 'x', 'E1')).toBe('E8');
    expect(calls(sent)).toEqual(['PUT /keys/beacon E1', 'GET  ', 'PUT /keys/beacon E7']);
  });

  it('gives way to whoever writes at the same moment', async () => {
    const { store, sent } = storeAnswering(described, conflict);
    expect(await store.write('petclinic', 'x', null)).toBeNull();
    expect(sent).toHaveLength(2);
  });

  it('refuses what is not allowed: that is no conflict', async () => {
    const { store } = storeAnswering(jsonError(403, 'AccessDeniedException'));
    const error = (await rejectionOf(store.write('petclinic', 'x', 'E7'))) as CloudRefused;
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.facts.call).toBe('CloudFrontKeyValueStore PutKey');
  });

  it('believes no answer without a version', async () => {
    const { store } = storeAnswering(ok({ ItemCount: 2 }));
    expect(await rejectionOf(store.write('petclinic', 'x', 'E7'))).toBeInstanceOf(CloudAnswerUnreadable);
  });
});
