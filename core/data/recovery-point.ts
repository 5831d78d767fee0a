import type { Beat, ShipFault } from './journal.ts';
import type { Manifest } from './manifest.ts';
import { dumpMoment, logFileNumber, type LogPart } from './layout.ts';

/*
 * The recovery point: a dump and the binary log shipped since, with the moment up to which they are whole. It is computed from
 * what lies in the store, and what the primary's side says of itself counts only as far as the store bears it out.
 */

/** Where a dump begins in the log of its server. */
export interface LogStart {
  /** UUID of the server that was dumped: another server's files have numbers of their own. */
  readonly server: string;
  readonly file: string;
  readonly position: number;
}

/** Where a dump begins, by its manifest; null where no log can follow it. */
export const logStartOf = (manifest: Manifest): LogStart | null =>
  manifest.schemaVersion === 2 && manifest.position !== null
    ? { server: manifest.source.uuid, ...manifest.position }
    : null;

/** What was read of the store. */
export interface StoreContents {
  /** Names of the dumps that have a manifest, in any order. */
  readonly dumps: readonly string[];
  /** The newest line of the journal; null where there is none. */
  readonly beat: Beat | null;
  /** Parts of the log below the dump that the beat names, in any order. */
  readonly parts: readonly LogPart[];
  /** Where the dump that the beat names begins in the log; null where it is not known. */
  readonly start: LogStart | null;
}

/** How new the data are that a move now could start from. Milliseconds since the Unix epoch. */
export type RecoveryPoint =
  | {
      readonly known: true;
      /** Everything that was acknowledged by then is in the store. */
      readonly at: number;
      readonly dump: string;
      /** Whether log follows the dump: without, the point is the dump's own moment. */
      readonly from: 'dump' | 'log';
      /** Bytes of log that a restore has to replay after the dump. */
      readonly backlogBytes: number;
      /** Why it is older than it should be, for a person; null where it is not. */
      readonly detail: string | null;
    }
  | { readonly known: false; readonly detail: string };

/** A shipper that was not heard of for so many of its own intervals is silent. */
const SILENT_AFTER_BEATS = 6;

const plainFault: Readonly<Record<ShipFault, string>> = {
  'log-purged': 'the primary threw away log before it was shipped; a new dump is being made',
  'disk-full': 'the disk of the backup instance is full',
  'database-unreachable': 'the shipper cannot read the log of the primary',
  gap: 'transactions are missing between what was shipped and what the primary still has; a new dump is being made',
  'no-dump': 'no whole dump is in the store yet',
};

/**
 * Computes the recovery point.
 * @param now milliseconds since the Unix epoch
 */
export function recoveryPointOf(store: StoreContents, now: number): RecoveryPoint {
  const { beat } = store;
  const newest = [...store.dumps].sort().at(-1);
  if (newest === undefined) return { known: false, detail: 'no whole dump is in the store' };
  const silence = beat === null ? 'no shipper was ever heard of' : silenceOf(beat, now);
  const log = beat?.log ?? null;
  if (beat === null || log === null || beat.dump === null || !store.dumps.includes(beat.dump)) {
    return fromDump(newest, beat?.fault ? faultText(beat) : silence);
  }
  const broken = faultOfParts(store.parts, store.start, log);
  if (broken !== null) return fromDump(newest, broken);
  const wholeUntil = Date.parse(log.wholeUntil);
  // A dump that was finished since is newer than a log that has stopped.
  if (dumpMoment(newest) > wholeUntil) return fromDump(newest, beat.fault ? faultText(beat) : silence);
  return {
    known: true,
    at: wholeUntil,
    dump: beat.dump,
    from: 'log',
    backlogBytes: store.parts.reduce((sum, part) => sum + part.length, 0),
    detail: beat.fault === null ? silence : faultText(beat),
  };
}

const fromDump = (dump: string, detail: string | null): RecoveryPoint => ({
  known: true,
  at: dumpMoment(dump),
  dump,
  from: 'dump',
  backlogBytes: 0,
  detail,
});

/** Since when the shipper is silent, in words; null while it is heard. */
function silenceOf(beat: Beat, now: number): string | null {
  const silent = now - Date.parse(beat.at) > SILENT_AFTER_BEATS * beat.everySeconds * 1000;
  return silent ? `the shipper is silent since ${beat.at}` : null;
}

const faultText = ({ fault }: Beat): string | null =>
  fault === null ? null : `${plainFault[fault.name]} (${fault.detail}), since ${fault.since}`;

/**
 * What is missing between the dump and the position that the shipper claims; null where nothing is. Parts of one file must follow
 * each other without a hole, and files of one segment must count up by one.
 */
export function faultOfParts(
  parts: readonly LogPart[],
  start: StoreContents['start'],
  claimed: { readonly segment: string; readonly file: string; readonly position: number },
): string | null {
  const segments = [...new Set(parts.map((part) => part.segment))].sort();
  const first = segments[0];
  if (first === undefined) return 'no log is in the store';
  for (const segment of segments) {
    const files = filesOf(parts.filter((part) => part.segment === segment));
    for (const [index, file] of files.entries()) {
      if (file.hole !== null) return `${segment}/${file.name} has a hole at byte ${file.hole}`;
      const before = files[index - 1];
      if (before !== undefined && logFileNumber(file.name) !== logFileNumber(before.name) + 1) {
        return `${segment} has no file between ${before.name} and ${file.name}`;
      }
    }
  }
  const begins = filesOf(parts.filter((part) => part.segment === first))[0]?.name;
  // Where another server answered before the first byte was shipped, its log was begun by what had been executed, not by the number.
  const isSameServer = start !== null && first.endsWith(start.server.slice(0, 8));
  if (isSameServer && begins !== undefined && logFileNumber(begins) > logFileNumber(start.file)) {
    return `the log begins with ${begins}, after the dump's ${start.file}`;
  }
  const last = filesOf(parts.filter((part) => part.segment === claimed.segment)).find(
    (file) => file.name === claimed.file,
  );
  if ((last?.length ?? 0) < claimed.position) {
    return `${claimed.segment}/${claimed.file} has ${last?.length ?? 0} bytes in the store, and the shipper claims ${claimed.position}`;
  }
  return null;
}

interface LogFile {
  readonly name: string;
  /** Bytes from the beginning of the file, up to the first hole. */
  readonly length: number;
  /** Where the first hole is; null where there is none. */
  readonly hole: number | null;
}

/** The files that the parts of one segment make, in the order in which the server wrote them. */
export function filesOf(parts: readonly LogPart[]): readonly LogFile[] {
  const byName = Map.groupBy(parts, (part) => part.file);
  return [...byName]
    .sort(([a], [b]) => logFileNumber(a) - logFileNumber(b))
    .map(([name, ofFile]) => {
      let length = 0;
      for (const part of [...ofFile].sort((a, b) => a.offset - b.offset)) {
        if (part.offset !== length) return { name, length, hole: length };
        length += part.length;
      }
      return { name, length, hole: null };
    });
}
