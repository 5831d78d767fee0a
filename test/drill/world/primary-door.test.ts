import { openFence, shutFence } from '../../../core/route/fence.ts';
import { SeededRandom } from '../../../drill/random.ts';
import { Application } from '../../../drill/world/application.ts';
import { Database } from '../../../drill/world/database.ts';
import { PrimaryDoor } from '../../../drill/world/primary-door.ts';
import { useVirtualTime } from '../clouds/fixture.ts';

function build(hasFence = true): { door: PrimaryDoor; application: Application } {
  const application = new Application('primary', {
    ...{ database: new Database(), condition: 'up', deepText: 'Owners' },
  });
  application.database.writable = true;
  const looks = ['/health', '/owners'];
  return {
    door: new PrimaryDoor({ application, random: new SeededRandom(1), hasFence, looks }),
    application,
  };
}

const post = (door: PrimaryDoor, id: number): number | undefined =>
  door.answer({ method: 'POST', path: '/owners', write: { id, at: Date.now() } })?.status;
const get = (door: PrimaryDoor, path: string): string | undefined =>
  door.answer({ method: 'GET', path, write: null })?.body;

describe('the door of the primary', () => {
  useVirtualTime();

  it('lets everybody in while its fence is open, and says so at the path of the fence', () => {
    const { door } = build();
    expect(post(door, 1)).toBe(200);
    expect(get(door, '/__pilotlight/fence')).toBe('pilotlight fence: open');
  });

  it('lets nobody in once every node has shut it, but looks at its health', async () => {
    const { door, application } = build();
    door.change(shutFence(4));
    expect(door.shutAt).toEqual([]);
    await jest.advanceTimersByTimeAsync(5_000);
    for (let id = 1; id <= 20; id += 1) expect(post(door, id)).toBe(503);
    expect(application.accepted).toEqual([]);
    expect(get(door, '/owners?lastName=')).toContain('Owners');
    expect(get(door, '/__pilotlight/fence')).toBe('pilotlight fence: shut at epoch 4.');
    expect(door.shutAt).toHaveLength(1);
  });

  it('lets some in while its nodes learn, each at its own moment', async () => {
    const { door } = build();
    door.change(shutFence(4));
    const seen = new Set<number | undefined>();
    for (let ms = 0; ms < 5_000; ms += 100) {
      seen.add(post(door, ms));
      await jest.advanceTimersByTimeAsync(100);
    }
    expect([...seen].sort()).toEqual([200, 503]);
  });

  it('is open again by the newest change, whatever came before it', async () => {
    const { door } = build();
    door.change(shutFence(4));
    door.change(openFence);
    await jest.advanceTimersByTimeAsync(5_000);
    for (let id = 1; id <= 20; id += 1) expect(post(door, id)).toBe(200);
    expect(door.shutAt).toEqual([]);
  });

  it('without a fence stays as it is, and is dead with the application', async () => {
    const { door, application } = build(false);
    door.change(shutFence(4));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(post(door, 1)).toBe(200);
    application.condition = 'silent';
    expect(door.answer({ method: 'GET', path: '/', write: null })).toBeNull();
  });
});
