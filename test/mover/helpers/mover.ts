import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Beat } from '../../../core/data/journal.ts';
import { apply } from '../../../mover/apply/apply.ts';
import type { ApplyOptions } from '../../../mover/apply/options.ts';
import type { Applied } from '../../../mover/apply/told.ts';
import { writeOptionFile, type Login } from '../../../mover/database/login.ts';
import { dump } from '../../../mover/dump/dump.ts';
import type { MoverLog } from '../../../mover/log.ts';
import { ship } from '../../../mover/ship/ship.ts';
import { newestBeat } from '../../../mover/store/journal.ts';
import type { Store } from '../../../mover/store/blob-store.ts';

/** What was logged, as `event` and its facts. */
export interface Logged {
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The commands of the mover for one workload, in this process, as a test calls them. */
export class MoverBench {
  readonly logged: Logged[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'pilotlight-mover-'));
  private readonly store: Store;
  private readonly workload: string;
  private readonly running: { stop: AbortController; done: Promise<unknown> }[] = [];

  constructor(store: Store, workload: string) {
    this.store = store;
    this.workload = workload;
  }

  get log(): MoverLog {
    const note = (event: string, facts: Readonly<Record<string, unknown>> = {}): void => {
      this.logged.push({ event, facts });
    };
    return { info: note, warn: note };
  }

  private common(login: Login) {
    return {
      workload: this.workload,
      optionFile: writeOptionFile(login).path,
      host: login.host,
      jobs: 3,
      now: () => Date.now(),
      sleep: (ms: number) => wait(ms).then(() => undefined),
      log: this.log,
    };
  }

  dump(login: Login): ReturnType<typeof dump> {
    return dump({ ...this.common(login), checksums: true, backups: this.store.backups });
  }

  /** Ships each second until the bench ends, or the answer is called. */
  ship(login: Login): () => Promise<void> {
    const makeDump = async (): Promise<void> => {
      await this.dump(login);
    };
    const { backups } = this.store;
    const options = { ...this.common(login), everySeconds: 1, spoolMax: 1e9, backups, makeDump };
    return this.keep((signal) =>
      ship({ ...options, work: join(this.folder, `ship-${this.running.length}`) }, signal),
    );
  }

  apply(login: Login, more: Partial<ApplyOptions> = {}): Promise<Applied> {
    return apply(this.applyOptions(login, more), new AbortController().signal);
  }

  /** Follows until the bench ends, or the answer is called. */
  follow(login: Login, more: Partial<ApplyOptions> = {}): () => Promise<void> {
    return this.keep((signal) => apply(this.applyOptions(login, { follow: true, ...more }), signal));
  }

  private applyOptions(login: Login, more: Partial<ApplyOptions>): ApplyOptions {
    return {
      ...this.common(login),
      ...{
        store: this.store,
        work: join(this.folder, 'apply'),
        follow: false,
        everySeconds: 1,
        readyFile: null,
      },
      ...{ application: null, dump: null, replace: false, correlationId: 'test', schemaOfV1: 'shop' },
      ...{ until: null, only: null, loadOnly: false },
      ...more,
    };
  }

  private keep(run: (signal: AbortSignal) => Promise<unknown>): () => Promise<void> {
    const stop = new AbortController();
    const done = run(stop.signal).catch((error: unknown) => {
      this.logged.push({ event: 'ended', facts: { error: String(error) } });
    });
    this.running.push({ stop, done });
    return async () => {
      stop.abort();
      await done;
    };
  }

  beat(): Promise<Beat | null> {
    return newestBeat(this.store.backups, this.workload, Date.now());
  }

  /** Waits until the newest beat is as wanted. */
  async beatThat(is: (beat: Beat) => boolean, seconds = 30): Promise<Beat> {
    for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
      const beat = await this.beat();
      if (beat !== null && is(beat)) return beat;
      await wait(200);
    }
    throw new Error(`no such beat within ${seconds} s; the newest is ${JSON.stringify(await this.beat())}`);
  }

  /** Waits until everything that was committed before now is in the store, by the word of a beat. */
  async shipped(seconds = 30): Promise<void> {
    const now = Date.now();
    await this.beatThat((beat) => Date.parse(beat.log?.wholeUntil ?? '') > now, seconds);
  }

  async end(): Promise<void> {
    for (const { stop } of this.running) stop.abort();
    await Promise.all(this.running.map(({ done }) => done));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
