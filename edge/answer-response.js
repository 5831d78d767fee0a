// Viewer response, JavaScript runtime 2.0: tells who answered, and never lets the maintenance page pass for a success.
// CloudFront does not run it for answers of 400 and above: there only an origin's own identity header arrives.

const ORIGINS = ['primary', 'standby', 'maintenance'];

function handler(event) {
  const response = event.response;
  const headers = response.headers;
  let origin;
  try {
    origin = whoAnswered(event);
  } catch (error) {
    // A header of a shape nobody foresaw must not cost the viewer the answer that is already there.
    origin = undefined;
  }
  if (origin === undefined) {
    // Unknown is a true answer and a guess is not: a probe counts it as no vote.
    delete headers['x-pilotlight-origin'];
    return response;
  }

  headers['x-pilotlight-origin'] = { value: origin };
  if (origin === 'maintenance') {
    if (response.statusCode < 400) {
      response.statusCode = 503;
      response.statusDescription = 'Service Unavailable';
    }
    headers['retry-after'] = { value: '30' };
    headers['cache-control'] = { value: 'no-store' };
  }
  return response;
}

// The origin's own word comes first. AWS documents the request here as the one the viewer sent, so the header set by
// route-request.js may be missing, or be the viewer's own; a viewer who sends it can only mislead himself.
// A static page in Blob Storage has no headers of its own but Cache-Control, where unknown directives are allowed.
function whoAnswered(event) {
  const headers = event.response.headers;
  const word = known(headers['x-pilotlight-origin']);
  if (word) return word;
  const caching = headers['cache-control'];
  if (caching && caching.value && caching.value.indexOf('pilotlight-origin=maintenance') !== -1)
    return 'maintenance';
  return known(event.request.headers['x-pilotlight-route']);
}

function known(header) {
  return header && ORIGINS.indexOf(header.value) !== -1 ? header.value : undefined;
}
