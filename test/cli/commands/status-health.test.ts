import { noMemory, type HealthMemory } from '../../../core/watch/health.ts';
import { noHour, withLooks, type Hour } from '../../../core/watch/hour.ts';
import { newMemory } from '../../../core/watch/memory.ts';
import type { Round } from '../../../core/watch/round.ts';
import { makeWorld, NOW, useNight } from '../world.ts';

/*
 * Goal: a person sees how the primary is and was, and whether those who say so can be believed; a program reads the same.
 * Method: what the watch wrote, read back by the command over the ledger of the world.
 */

useNight();

const PLACES = ['ap-southeast-1', 'us-west-2', 'eu-central-1'];

/** A round in which the named places see the door bad; the others, and everybody through the edge, see it good. */
const roundAt = (secondsAgo: number, bad: readonly string[] = [], places = PLACES): Round => ({
  at: NOW - secondsAgo * 1000,
  primary: Object.fromEntries(places.map((place) => [place, !bad.includes(place)])),
  edge: Object.fromEntries(places.map((place) => [place, true])),
  elsewhere: {},
});

/** What the command shows where the watch remembers this. */
async function statusOf(
  change: Partial<HealthMemory>,
  { hour, colours }: { hour?: Hour; colours?: boolean } = {},
) {
  const world = makeWorld({ colours: colours ?? false });
  const memory = newMemory('asked', NOW - 3_600_000);
  const health = { ...noMemory(NOW - 3_600_000), ...change };
  await world.memories.write('petclinic', { ...memory, health, ...(hour && { hour }) }, 0);
  const { stdout } = await world.run('status', 'petclinic');
  const { workloads } = (await world.run('status', 'petclinic', '--json')).json();
  return { stdout, document: (workloads as { health: Record<string, unknown> }[])[0]?.health ?? {} };
}

const line = (stdout: string, name: string): string | undefined =>
  stdout.split('\n').find((text) => text.startsWith(`  ${name}`));

describe('pilotlight status, about the health of a primary', () => {
  it('shows how it is, how much of it fails, and why it is trusted less than usual', async () => {
    const { stdout, document } = await statusOf({
      ...{ health: 'degraded', since: NOW - 120_000, troubleFrom: NOW - 180_000 },
      rounds: [roundAt(8, ['us-west-2'])],
      spells: [NOW - 600_000],
    });
    expect(line(stdout, 'health')).toBe(
      '  health      degraded since 2026-11-23 02:58:00Z, 33 % of the looks at the primary fail and 0 % of those ' +
        'through the edge; looked 8 s ago',
    );
    expect(line(stdout, 'restless')).toBe(
      '  restless    The primary is restless: it failed and came back once in the last hour. So it counts as ' +
        'down only after 80 s, and as well only after 120 s without a bad answer.',
    );
    expect(document).toMatchObject({
      ...{ health: 'degraded', since: '2026-11-23T02:58:00.000Z', lookedAt: '2026-11-23T02:59:52.000Z' },
      ...{ failingPercent: { primary: 33, edge: 0 }, silent: false, silentPlaces: [] },
    });
  });

  it.each([
    [60, 'looked 1 min 0 s ago', false],
    [61, 'looked 1 min 1 s ago: does the watch run?', true],
  ])('doubts a watch that has written nothing for a minute: %d s', async (seconds, words, silent) => {
    const { stdout, document } = await statusOf({ rounds: [roundAt(seconds)] });
    expect(line(stdout, 'health')).toBe(`  health      well since 2026-11-23 02:00:00Z; ${words}`);
    expect(line(stdout, 'restless')).toBeUndefined();
    expect(document['silent']).toBe(silent);
  });

  it('names the places that said nothing, and speaks of no place where the whole watch is silent', async () => {
    const rounds = [roundAt(8, [], ['us-west-2'])];
    const seen = await statusOf({ rounds });
    expect(line(seen.stdout, 'health')).toBe(
      '  health      well since 2026-11-23 02:00:00Z; looked 8 s ago; nothing from ap-southeast-1, eu-central-1',
    );
    expect(seen.document['silentPlaces']).toEqual(['ap-southeast-1', 'eu-central-1']);
    const old = await statusOf({ rounds: [roundAt(90, [], ['us-west-2'])] });
    expect(line(old.stdout, 'health')).not.toContain('nothing from');
  });
});

describe('pilotlight status, about the last hour', () => {
  const minute = (ago: number, ...bad: readonly string[]): Round => roundAt(ago * 60, bad);
  const hour = [minute(4), minute(3, 'us-west-2'), minute(2, ...PLACES), minute(0)].reduce(
    withLooks,
    noHour(NOW - 3_600_000),
  );

  it('shows a block a minute, the higher the more looks failed, and a dot where nobody looked', async () => {
    const { stdout } = await statusOf({ rounds: [minute(0)] }, { hour });
    expect(line(stdout, 'last hour')).toBe(`  last hour   ${'·'.repeat(55)}▁▃▅·▁ now`);
  });

  it('gives programs the same minutes with their moments and shares', async () => {
    const { document } = await statusOf({ rounds: [minute(0)] }, { hour });
    const minutes = document['lastHour'] as unknown[];
    expect(minutes).toHaveLength(60);
    expect(minutes.slice(-5)).toEqual([
      { at: '2026-11-23T02:56:00.000Z', failingPercent: 0 },
      { at: '2026-11-23T02:57:00.000Z', failingPercent: 22 },
      { at: '2026-11-23T02:58:00.000Z', failingPercent: 56 },
      { at: '2026-11-23T02:59:00.000Z', failingPercent: null },
      { at: '2026-11-23T03:00:00.000Z', failingPercent: 0 },
    ]);
  });

  it('colours what failed otherwise than what did not', async () => {
    const { stdout } = await statusOf({ rounds: [minute(0)] }, { hour, colours: true });
    expect(stdout).toContain('\u001b[32m▁\u001b[');
    expect(stdout).toContain('\u001b[31m▅\u001b[');
  });

  it('is not there where the watch has written nothing yet', async () => {
    const { stdout } = await makeWorld().run('status', 'petclinic');
    expect(line(stdout, 'last hour')).toBeUndefined();
    expect(line(stdout, 'health')).toBe('  health      not known, the watch has written nothing yet');
  });
});
