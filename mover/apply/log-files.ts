import { createWriteStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { filesOf } from '../../core/data/recovery-point.ts';
import { logFileNumber, logPartName, logPrefix, type LogPart } from '../../core/data/layout.ts';
import { MoverError } from '../errors.ts';
import type { BlobContainer } from '../store/blob-store.ts';

/** A file of the log in the store. */
export interface StoredLogFile {
  readonly segment: string;
  readonly name: string;
  /** Bytes that can be read, up to the first hole. */
  readonly length: number;
  readonly isLastOfSegment: boolean;
  readonly isLast: boolean;
}

/** The log as it can be read: files up to the first gap. */
export interface ReadableLog {
  readonly files: readonly StoredLogFile[];
  /** What is missing after them, for a person; null where nothing is. */
  readonly gap: string | null;
}

/** The files that the parts make, in the order in which they are replayed, up to the first byte or file that is missing. */
export function readableLog(parts: readonly LogPart[]): ReadableLog {
  const segments = [...new Set(parts.map((part) => part.segment))].sort();
  const files: StoredLogFile[] = [];
  for (const [segmentIndex, segment] of segments.entries()) {
    const found = filesOf(parts.filter((part) => part.segment === segment));
    for (const [index, { name, length, hole }] of found.entries()) {
      const before = found[index - 1];
      if (before !== undefined && logFileNumber(name) !== logFileNumber(before.name) + 1) {
        return { files, gap: `${segment} has no file between ${before.name} and ${name}` };
      }
      const isLastOfSegment = index === found.length - 1;
      const isLast = isLastOfSegment && segmentIndex === segments.length - 1;
      files.push({ segment, name, length, isLastOfSegment, isLast });
      if (hole !== null) return { files, gap: `${segment}/${name} has a hole at byte ${hole}` };
    }
  }
  return { files, gap: null };
}

/** Copies of log files on this machine, for MySQL's own program to read. They grow as the store does, and go when they are replayed. */
export class LocalLog {
  private readonly folder: string;
  private readonly backups: BlobContainer;
  private readonly workload: string;

  constructor(folder: string, backups: BlobContainer, workload: string) {
    this.folder = folder;
    this.backups = backups;
    this.workload = workload;
    rmSync(folder, { recursive: true, force: true });
  }

  /** Brings a file up to what the store has of it; its path on this machine. */
  async fetch(dump: string, file: StoredLogFile, parts: readonly LogPart[]): Promise<string> {
    const folder = join(this.folder, dump, file.segment);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, file.name);
    let have = existsSync(path) ? statSync(path).size : 0;
    const own = parts
      .filter((part) => part.segment === file.segment && part.file === file.name)
      .sort((a, b) => a.offset - b.offset);
    for (const part of own) {
      const end = part.offset + part.length;
      if (end <= have || part.length === 0) continue;
      const from = have - part.offset;
      const blob = `${logPrefix(this.workload, dump)}${logPartName(part)}`;
      const source = await this.backups.stream(blob, from, part.length - from);
      await pipeline(source, createWriteStream(path, { flags: 'a' }));
      have = statSync(path).size;
      if (have !== end) {
        // A stream that was cut short: the next round fetches the rest.
        throw new MoverError(
          'store',
          'STORE_UNAVAILABLE',
          `${blob} came only in part: ${have} of ${end} bytes. It is fetched again.`,
        );
      }
    }
    return path;
  }

  /** Forgets the files of a dump that are replayed: all but this one. */
  keepOnly(dump: string, file: StoredLogFile): void {
    if (!existsSync(this.folder)) return;
    for (const other of readdirSync(this.folder)) {
      if (other !== dump) rmSync(join(this.folder, other), { recursive: true, force: true });
    }
    const root = join(this.folder, dump);
    for (const segment of existsSync(root) ? readdirSync(root) : []) {
      for (const name of readdirSync(join(root, segment))) {
        const keep = segment === file.segment && name === file.name;
        if (!keep) rmSync(join(root, segment, name), { force: true });
      }
    }
  }

  drop(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
