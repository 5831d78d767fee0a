// Viewer request of the probe behaviours, JavaScript runtime 2.0: /__pilotlight/standby/owners asks the standby for
// /owners. The behaviour has chosen the origin already, so the route is not looked at and no store is read.

const PREFIXES = ['/__pilotlight/primary', '/__pilotlight/standby', '/__pilotlight/maintenance'];

function handler(event) {
  const request = event.request;
  const uri = request.uri;
  // Anything else goes on as it is: the origin answers 404, and the probe hears of it.
  if (typeof uri === 'string') {
    PREFIXES.forEach((prefix) => {
      if (uri.indexOf(`${prefix}/`) === 0) request.uri = uri.slice(prefix.length);
    });
  }
  return request;
}
