import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openedBlob, openedSchema } from '../../../core/data/home.ts';
import { answerBlob, applierBlob, requestBlob } from '../../../core/data/layout.ts';
import type { ApplyOptions } from '../../../mover/apply/options.ts';
import { writeOptionFile } from '../../../mover/database/login.ts';
import type { DumpHomeOptions } from '../../../mover/home/dump-home.ts';
import { parsed } from '../../../mover/home/opened.ts';
import type { PrimarySideOptions } from '../../../mover/home/primary-side.ts';
import type { MySql } from './mysql.ts';
import type { Sides } from './sides.ts';

/**
 * The shop, with what runs as RDS's master user would have made it: nobody of a site on RDS has SYSTEM_USER, as root has here, and what is root's
 * can be altered and dropped by root alone.
 */
export const shop = readFileSync(join(import.meta.dirname, '../fixtures/shop.sql'), 'utf8').replaceAll(
  /^CREATE (?=VIEW|TRIGGER|PROCEDURE|EVENT)/gm,
  "CREATE DEFINER = 'rds_master'@'%' ",
);

/** Waits until something is there. */
export async function untilThere<T>(ask: () => Promise<T | null>, seconds = 30): Promise<T> {
  for (const limit = Date.now() + seconds * 1000; Date.now() < limit;) {
    const found = await ask();
    if (found !== null) return found;
    await wait(100);
  }
  throw new Error(`it did not come within ${seconds} s`);
}

/** Rounds are seconds apart, so that a store is not asked too often; a test has nobody to spare. */
const hasty = (ms: number): Promise<void> => wait(Math.min(ms, 200));

/** The two sides of the way home, as their commands are given them. */
export function homeSides(sides: Sides): {
  readonly primary: PrimarySideOptions;
  readonly standby: DumpHomeOptions;
} {
  const { bench, blobs, workload } = sides;
  const common = {
    ...{ workload, host: '127.0.0.1', store: blobs.store, jobs: 2, checksums: true, everySeconds: 1 },
    now: () => Date.now(),
    sleep: hasty,
    log: bench.log,
  };
  const of = (side: 'primary' | 'standby') => ({
    ...common,
    optionFile: writeOptionFile(sides[side].administrator).path,
    work: join(bench.folder, `home-${side}`),
  });
  return { primary: of('primary'), standby: of('standby') };
}

/**
 * Fails over: what the primary has is shipped and applied, the standby is opened, and its applier stays. What the primary takes from then on
 * are orphans.
 * @returns what ends the applier
 */
export async function failOver(sides: Sides, more: Partial<ApplyOptions> = {}): Promise<() => Promise<void>> {
  const { bench, blobs, workload } = sides;
  const stop = bench.ship(sides.primary.login);
  await bench.shipped(120);
  const stopFollowing = bench.follow(sides.standby.login, { sleep: hasty, ...more });
  const { handover } = blobs.store;
  // What is asked for before the load began is for earlier data.
  await untilThere(async () => {
    const text = await handover.readText(applierBlob(workload));
    return text?.includes('"following"') === true ? text : null;
  }, 120);
  const request = {
    schemaVersion: 1,
    correlationId: 'night',
    execution: 'night',
    askedAt: new Date().toISOString(),
  };
  await handover.add(requestBlob(workload, 'night'), JSON.stringify(request));
  await untilThere(() => handover.readText(answerBlob(workload, 'night')), 60);
  await stop();
  // A test may have left something else in its place.
  await untilThere(async () => {
    const text = await handover.readText(openedBlob(workload));
    return text === null ? null : (openedSchema.safeParse(parsed(text)).data ?? null);
  });
  return stopFollowing;
}

/** Writes rows into the shop, one a commit, until the client is killed in the middle of it. */
export async function writeUntilCut(server: MySql, ms: number): Promise<void> {
  const client = spawn(
    'mysql',
    ['--no-defaults', `--socket=${join(server.folder, 's')}`, '--user=root', 'shop'],
    { env: { ...process.env }, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const closed = once(client, 'close');
  client.stdin.on('error', () => undefined);
  for (const until = Date.now() + ms; Date.now() < until;) {
    client.stdin.write("INSERT INTO Orders (total, note) VALUES (1, 'orphan');\n".repeat(5));
    await wait(10);
  }
  client.kill('SIGKILL');
  await closed;
}
