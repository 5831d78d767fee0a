import { existsSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_FILE_NAME, logFileNumber } from '../../core/data/layout.ts';
import { firstError, start, type Running } from '../database/programs.ts';

/** A file of the binary log as far as it has come. */
export interface SpoolFile {
  readonly name: string;
  readonly length: number;
}

/**
 * The binary log as it streams in, in a folder of this machine: MySQL's own program writes it, byte for byte as the server
 * has it. A file is thrown away as soon as it is whole and in the store.
 */
export class Spool {
  private readonly folder: string;
  private running: Running | null = null;
  private endedWith: string | null = null;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Begins to stream from the beginning of a file; what was there of an earlier stream goes. */
  begin(optionFile: string, file: string, connectionId: number): void {
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    const running = start('mysqlbinlog', optionFile, [
      ...['--read-from-remote-server', '--raw', '--stop-never', `--connection-server-id=${connectionId}`],
      ...[`--result-file=${this.folder}/`, file],
    ]);
    this.running = running;
    this.endedWith = null;
    const note = (said: string): void => {
      if (this.running === running) this.endedWith = said;
    };
    running.ended.then(
      (code) => note(`mysqlbinlog ended with ${code}: ${firstError(running.errors())}`),
      (error: unknown) => note(String(error)),
    );
  }

  /** What the stream said when it ended; null while it goes. */
  get ended(): string | null {
    return this.endedWith;
  }

  /** The files, the oldest first. */
  files(): readonly SpoolFile[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder)
      .filter((name) => LOG_FILE_NAME.test(name))
      .map((name) => ({ name, length: statSync(join(this.folder, name)).size }))
      .sort((a, b) => logFileNumber(a.name) - logFileNumber(b.name));
  }

  /** Bytes of a file, at most `count` of them. */
  read(name: string, from: number, count: number): Buffer {
    const buffer = Buffer.alloc(count);
    const file = openSync(join(this.folder, name), 'r');
    try {
      return buffer.subarray(0, readSync(file, buffer, 0, count, from));
    } finally {
      closeSync(file);
    }
  }

  drop(name: string): void {
    rmSync(join(this.folder, name), { force: true });
  }

  /** Ends the stream; what has come stays until the next begins. */
  stop(why = 'it was stopped'): void {
    this.running?.child.kill('SIGKILL');
    this.running = null;
    this.endedWith = why;
  }
}
