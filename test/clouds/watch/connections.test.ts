import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock } from '../../../clouds/clock.ts';
import { makeConnections } from '../../../clouds/watch/connections.ts';
import { makeHttpProber } from '../../../clouds/watch/http-prober.ts';
import type { Prober } from '../../../core/ports.ts';
import type { ProbeAnswer, ProbeTarget } from '../../../core/watch/probe.ts';

/*
 * Goal: between two looks a connection is kept where that is allowed, made anew where it is not, and one that the site closed
 * meanwhile is no failure of the site. Method: a real server on the loopback that counts its connections, and the real prober.
 */

/** What the site does with a request, by its number on the connection: the answer that it gives, or that it hangs up. */
type Site = (requestOfConnection: number) => 'answers' | 'hangs up';

const servers: Server[] = [];

/** A site, and how many connections were made to it. */
async function siteThat(does: Site) {
  const requests = new WeakMap<Socket, number>();
  const sockets: Socket[] = [];
  const server = createServer((request, response) => {
    const number = (requests.get(request.socket) ?? 0) + 1;
    requests.set(request.socket, number);
    if (does(number) === 'hangs up') request.socket.destroy();
    else response.end(`Owners, over connection ${sockets.indexOf(request.socket) + 1}`);
  });
  // The site itself closes nothing, unless a test does.
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => sockets.push(socket));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/owners`, sockets };
}

afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    if (!server.listening) continue;
    server.close();
    await once(server, 'close');
  }
});

const prober = (): Prober =>
  makeHttpProber({ place: 'here', clock: systemClock, connections: makeConnections() });
async function look(from: Prober, url: string, how?: { readonly reuse: boolean }): Promise<ProbeAnswer> {
  const target: ProbeTarget = { about: 'primary', url, status: 200, contains: 'Owners', timeoutMs: 900 };
  const [answer] = await from.probe('here', [target], how);
  if (answer === undefined) throw new Error('a question was asked, and there is no answer');
  return answer;
}
/** Lets a connection come to rest, as between two looks. */
const idle = (): Promise<void> => systemClock.sleep(50);
const GOOD = { observation: 'good', detail: 'answered 200' };

describe('the connections of a prober', () => {
  it('are kept from look to look where that is allowed', async () => {
    const { url, sockets } = await siteThat(() => 'answers');
    const from = prober();
    for (let n = 0; n < 3; n += 1) {
      expect(await look(from, url, { reuse: true })).toMatchObject(GOOD);
      await idle();
    }
    expect(sockets).toHaveLength(1);
  });

  it('are made anew for each look where it is not, and closed after it', async () => {
    const { url, sockets } = await siteThat(() => 'answers');
    const from = prober();
    for (let n = 0; n < 3; n += 1) expect(await look(from, url)).toMatchObject(GOOD);
    expect(sockets).toHaveLength(3);
    await Promise.all(sockets.filter(({ destroyed }) => !destroyed).map((socket) => once(socket, 'close')));
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
  });

  it('are made anew beside a kept one, which serves the look after it', async () => {
    const { url, sockets } = await siteThat(() => 'answers');
    const from = prober();
    await look(from, url, { reuse: true });
    await idle();
    await look(from, url, { reuse: false });
    expect(sockets).toHaveLength(2);
    await look(from, url, { reuse: true });
    expect(sockets).toHaveLength(2);
  });

  it('are one for each question of a look: none waits behind another', async () => {
    const { url, sockets } = await siteThat(() => 'answers');
    const target = { about: 'edge', url, status: 200, timeoutMs: 900 } as const;
    const answers = await prober().probe('here', [target, target], { reuse: true });
    expect(answers).toMatchObject([GOOD, GOOD]);
    expect(sockets).toHaveLength(2);
  });
});

describe('a kept connection', () => {
  it('that the site closed between two looks is no failure: a new one is made', async () => {
    const { server, url, sockets } = await siteThat(() => 'answers');
    const from = prober();
    await look(from, url, { reuse: true });
    await idle();
    server.closeIdleConnections();
    expect(await look(from, url, { reuse: true })).toMatchObject(GOOD);
    expect(sockets).toHaveLength(2);
  });

  it('on which the site hangs up at the second request is no failure either', async () => {
    const { url, sockets } = await siteThat((number) => (number === 1 ? 'answers' : 'hangs up'));
    const from = prober();
    await look(from, url, { reuse: true });
    await idle();
    expect(await look(from, url, { reuse: true })).toMatchObject(GOOD);
    expect(sockets).toHaveLength(2);
  });

  it('cannot hide that the site hangs up on everybody', async () => {
    let dead = false;
    const { url } = await siteThat(() => (dead ? 'hangs up' : 'answers'));
    const from = prober();
    await look(from, url, { reuse: true });
    await idle();
    dead = true;
    expect(await look(from, url, { reuse: true })).toMatchObject({ observation: 'bad', status: null });
  });

  it('cannot hide that nobody listens any more', async () => {
    const { server, url } = await siteThat(() => 'answers');
    const from = prober();
    await look(from, url, { reuse: true });
    await idle();
    server.close();
    server.closeAllConnections();
    // With which words, http-prober.test.ts has: the errors of the platform are foreign to a test.
    expect(await look(from, url, { reuse: true })).toMatchObject({ status: null });
  });
});
