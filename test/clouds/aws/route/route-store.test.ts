import { makeRouteStore } from '../../../../clouds/aws/route/route-store.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../../../core/errors.ts';
import type { Route } from '../../../../core/route/route.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok, rejectionOf, systemError } from '../helpers.ts';

const STORE_PATH =
  '/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F11111111-2222-3333-4444-555555555555';
const described: Answer = { status: 200, headers: { etag: 'E1VERSION' }, body: '{"ItemCount":1}' };
const written: Answer = { status: 200, headers: { etag: 'E2VERSION' }, body: '{"ItemCount":1}' };
const value = (text: string): Answer => ok({ Key: 'route', Value: text, ItemCount: 1 });

const shield: Route = {
  v: 1,
  origin: 'maintenance',
  epoch: 7,
  fence: 3,
  by: 'failover-petclinic-1',
  at: '2026-11-23T00:00:00.000Z',
};

function storeAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const storeArnOf = (workload: string): string =>
    workload === 'petclinic'
      ? 'arn:aws:cloudfront::123456789012:key-value-store/11111111-2222-3333-4444-555555555555'
      : `arn:aws:cloudfront::123456789012:key-value-store/${workload}`;
  return { store: makeRouteStore({ ...access, storeArnOf }), sent };
}

describe('reading the route', () => {
  it('reads the version before the route, so that a write in between is caught by the version', async () => {
    const { store, sent } = storeAnswering(described, value(JSON.stringify(shield)));
    expect(await store.read('petclinic')).toEqual({ route: shield, version: 'E1VERSION' });
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${STORE_PATH}`,
      `GET ${STORE_PATH}/keys/route`,
    ]);
  });

  it('talks to the host of the account and signs for every region', async () => {
    const { store, sent } = storeAnswering(described, value(JSON.stringify(shield)));
    await store.read('petclinic');
    for (const { protocol, hostname, headers } of sent) {
      expect(`${protocol}//${hostname}`).toBe('https://123456789012.cloudfront-kvs.global.api.aws');
      expect(headers['authorization']).toMatch(/^AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE\//);
      expect(headers['x-amz-region-set']).toBe('*');
    }
  });

  it('answers no route where the store has no such key', async () => {
    const { store } = storeAnswering(described, jsonError(404, 'ResourceNotFoundException'));
    expect(await store.read('petclinic')).toEqual({ route: null, version: 'E1VERSION' });
  });

  it('refuses a store that does not exist: that is not the absence of a route', async () => {
    const { store, sent } = storeAnswering(jsonError(404, 'ResourceNotFoundException'));
    const error = (await rejectionOf(store.read('petclinic'))) as CloudRefused;
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.facts.call).toBe('CloudFrontKeyValueStore DescribeKeyValueStore');
    expect(sent).toHaveLength(1);
  });

  it('refuses a key that it may not read: denied is not absent', async () => {
    const { store } = storeAnswering(described, jsonError(403, 'AccessDeniedException'));
    expect(await rejectionOf(store.read('petclinic'))).toBeInstanceOf(CloudRefused);
  });

  it.each([
    ['is not JSON', 'aws', 'the value of "route" is not JSON: aws'],
    ['names an unknown origin', JSON.stringify({ ...shield, origin: 'moon' }), 'origin: got "moon"'],
    ['has no fence', JSON.stringify({ ...shield, fence: undefined }), 'fence: got nothing'],
    ['is a list', '[]', '(the whole): got [], expected object'],
  ])('calls the answer unreadable when the value %s', async (_what, text, problem) => {
    const { store } = storeAnswering(described, value(text));
    const error = (await rejectionOf(store.read('petclinic'))) as CloudAnswerUnreadable;
    expect(error).toBeInstanceOf(CloudAnswerUnreadable);
    expect(error.problems.join('\n')).toContain(problem);
  });

  it.each([
    ['no version', ok({ ItemCount: 1 })],
    ['a page of HTML', { status: 200, body: '<html>welcome</html>' }],
  ])('calls %s in place of the description unreadable', async (_what, answer) => {
    const { store } = storeAnswering(answer);
    expect(await rejectionOf(store.read('petclinic'))).toBeInstanceOf(CloudAnswerUnreadable);
  });

  it('tries three times, then says that the store is unavailable', async () => {
    const broken = jsonError(500, 'InternalServerException');
    const { store, sent } = storeAnswering(broken, systemError('ECONNRESET'), broken);
    expect(await rejectionOf(store.read('petclinic'))).toBeInstanceOf(CloudUnavailable);
    expect(sent).toHaveLength(3);
  });

  it('gets over one bad answer by itself', async () => {
    const { store } = storeAnswering(
      { status: 503, body: '<html>' },
      described,
      value(JSON.stringify(shield)),
    );
    expect((await store.read('petclinic')).version).toBe('E1VERSION');
  });
});

describe('writing the route', () => {
  it('puts the whole route under the one key, on the condition of the version', async () => {
    const { store, sent } = storeAnswering(written);
    expect(await store.write('petclinic', shield, 'E1VERSION')).toBe(true);
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([`PUT ${STORE_PATH}/keys/route`]);
    expect(sent[0]?.headers['if-match']).toBe('E1VERSION');
    expect(sent[0]?.headers['authorization']).toMatch(/^AWS4-ECDSA-P256-SHA256 /);
    expect(jsonOf(sent[0])).toEqual({
      Value:
        '{"v":1,"origin":"maintenance","epoch":7,"fence":3,"by":"failover-petclinic-1","at":"2026-11-23T00:00:00.000Z"}',
    });
  });

  it('answers false when somebody else wrote since the version was read, and does not try again', async () => {
    const { store, sent } = storeAnswering(jsonError(409, 'ConflictException'));
    expect(await store.write('petclinic', shield, 'E1VERSION')).toBe(false);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['ValidationException', 400],
    ['AccessDeniedException', 403],
    ['ResourceNotFoundException', 404],
  ])('refuses on %s: that is no lost race', async (type, status) => {
    const { store } = storeAnswering(jsonError(status, type));
    expect(await rejectionOf(store.write('petclinic', shield, 'E1VERSION'))).toBeInstanceOf(CloudRefused);
  });

  it('does not believe a yes without a version', async () => {
    const { store } = storeAnswering(ok({ ItemCount: 1 }));
    expect(await rejectionOf(store.write('petclinic', shield, 'E1VERSION'))).toBeInstanceOf(
      CloudAnswerUnreadable,
    );
  });

  it('writes to the store of the workload that is named', async () => {
    const { store, sent } = storeAnswering(written);
    await store.write('other', shield, 'E1VERSION');
    expect(sent[0]?.path).toBe(
      '/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2Fother/keys/route',
    );
  });
});
