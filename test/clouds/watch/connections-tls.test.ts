import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { systemClock } from '../../../clouds/clock.ts';
import { makeConnections } from '../../../clouds/watch/connections.ts';
import { makeHttpProber } from '../../../clouds/watch/http-prober.ts';
import type { ProbeAnswer } from '../../../core/watch/probe.ts';

/*
 * Goal: a look of its own checks the certificate anew, each time; a kept connection spares the site that. Method: a real TLS
 * server on the loopback, whose certificate is trusted, and then is not any more.
 */

const trusted = getCACertificates('default');
let server: Server;
let url = '';
let certificate = '';
let handshakes = 0;

beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  certificate = made.cert;
  const tls = { key: made.private, cert: certificate };
  server = createServer(tls, (_, response) => response.end('Owners'));
  server.keepAliveTimeout = 0;
  server.on('secureConnection', () => {
    handshakes += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}/owners`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

beforeEach(() => {
  setDefaultCACertificates([...trusted, certificate]);
  handshakes = 0;
});
afterEach(() => {
  setDefaultCACertificates(trusted);
});

function prober() {
  const from = makeHttpProber({ place: 'here', clock: systemClock, connections: makeConnections() });
  return async (reuse: boolean): Promise<ProbeAnswer['observation'] | undefined> => {
    const target = { about: 'primary', url, status: 200, contains: 'Owners', timeoutMs: 900 } as const;
    const [answer] = await from.probe('here', [target], { reuse });
    // As between two looks: what the server sends after the answer arrives too.
    await systemClock.sleep(50);
    return answer?.observation;
  };
}

describe('looks over TLS', () => {
  it('shake hands anew each time where they may not use a kept connection', async () => {
    const look = prober();
    expect([await look(false), await look(false), await look(false)]).toEqual(['good', 'good', 'good']);
    expect(handshakes).toBe(3);
  });

  it('shake hands once where they may', async () => {
    const look = prober();
    expect([await look(true), await look(true)]).toEqual(['good', 'good']);
    expect(handshakes).toBe(1);
  });

  it('see a certificate that is not trusted any more when they come afresh, and not before', async () => {
    const look = prober();
    expect(await look(true)).toBe('good');
    setDefaultCACertificates(trusted);
    expect(await look(true)).toBe('good');
    expect(await look(false)).not.toBe('good');
  });
});
