import cf from 'cloudfront';

// Viewer request, JavaScript runtime 2.0: chooses the origin of one request from the workload's route.
// Only syntax that the runtime lists is used: no destructuring, spread, default parameters, `?.` or `??`.

const ORIGINS = ['primary', 'standby', 'maintenance'];
const ROUTE_LENGTH_MAX = 1024;
const TWO_TO_THE_32 = 4294967296;
const BEACON_PATH = '/__pilotlight/beacon';
const NOT_FOR_THE_PAGE = [
  // Azure Storage has no business with it, and answers a Bearer token that it does not know with 401.
  'authorization',
  // With these a browser's old copy would be confirmed by a 304, or a half download be completed with our page.
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
];

async function handler(event) {
  const request = event.request;
  if (request.uri === BEACON_PATH && (request.method === 'GET' || request.method === 'HEAD')) return beacon();
  let origin;
  try {
    const route = parseRoute(await cf.kvs().get('route', { format: 'string' }));
    origin = chooseOrigin(route, event);
  } catch (error) {
    // A route that cannot be read must not take a healthy site down: the primary is the behaviour's own origin.
    origin = 'primary';
  }

  // Part of the cache key, so it is written always, over whatever the viewer sent.
  request.headers['x-pilotlight-route'] = { value: origin };
  if (origin === 'primary') return request;

  if (origin === 'maintenance') {
    if (request.method !== 'GET' && request.method !== 'HEAD') return unavailable();
    request.uri = '/maintenance.html';
    request.querystring = {};
    request.cookies = {};
    NOT_FOR_THE_PAGE.forEach((name) => {
      delete request.headers[name];
    });
  }
  try {
    cf.selectRequestOriginById(origin);
  } catch (error) {
    // The route is known and is not the primary: going there all the same could make two writers.
    return unavailable();
  }
  return request;
}

// Says which beacon has arrived here: how changes of the store spread is measured by it. No other path reads its key.
async function beacon() {
  let value;
  try {
    value = await cf.kvs().get('beacon', { format: 'string' });
  } catch (error) {
    // Never written yet, or not known here: both are "none".
    value = 'none';
  }
  return {
    statusCode: value === 'none' ? 404 : 200,
    statusDescription: value === 'none' ? 'Not Found' : 'OK',
    headers: { 'cache-control': { value: 'no-store' }, 'content-type': { value: 'text/plain' } },
    body: { encoding: 'text', data: `pilotlight beacon: ${value}` },
  };
}

// Throws unless the text is a whole, correct route of version 1; unknown fields are left alone.
function parseRoute(text) {
  if (text.length > ROUTE_LENGTH_MAX) throw new Error('route too long');
  const route = JSON.parse(text);
  const canary = route.canary;
  const sound =
    route.v === 1 &&
    ORIGINS.indexOf(route.origin) !== -1 &&
    isCount(route.epoch) &&
    isCount(route.fence) &&
    (canary === undefined ||
      ((canary.origin === 'primary' || canary.origin === 'standby') &&
        typeof canary.percent === 'number' &&
        canary.percent >= 0 &&
        canary.percent <= 100));
  if (!sound) throw new Error('route not understood');
  return route;
}

function isCount(value) {
  return typeof value === 'number' && value >= 0 && value % 1 === 0;
}

// Monotone: a user's place in the order never changes, and a larger share only admits more of it.
function chooseOrigin(route, event) {
  const canary = route.canary;
  if (canary === undefined) return route.origin;
  return place(userKey(event)) < (canary.percent / 100) * TWO_TO_THE_32 ? canary.origin : route.origin;
}

function userKey(event) {
  const cookie = event.request.cookies['pilotlight-user'];
  if (cookie && cookie.value) return `cookie ${cookie.value}`;
  const agent = event.request.headers['user-agent'];
  return `viewer ${event.viewer.ip} ${agent ? agent.value : ''}`;
}

// A whole number below 2^32: FNV-1a, then the finaliser of MurmurHash3, without which FNV's high bits hardly
// differ between keys that differ only at the end. No salt: anything that changes would make users flip.
function place(key) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

// Answered here, so that no write reaches any origin under the shield.
function unavailable() {
  return {
    statusCode: 503,
    statusDescription: 'Service Unavailable',
    headers: {
      'cache-control': { value: 'no-store' },
      'content-type': { value: 'application/json' },
      'retry-after': { value: '30' },
      'x-pilotlight-origin': { value: 'maintenance' },
    },
    body: { encoding: 'text', data: '{"error":"maintenance","retryAfterSeconds":30}' },
  };
}
