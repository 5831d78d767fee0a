import { beatLine, JOURNAL_TAIL_BYTES, lastBeat, type Beat } from '../../core/data/journal.ts';
import { journalBlob } from '../../core/data/layout.ts';
import type { BlobContainer } from './blob-store.ts';

const DAY_MS = 86_400_000;

/** Writes lines to the journal of the day, which it makes where there is none. */
export class Journal {
  private readonly backups: BlobContainer;
  private readonly workload: string;
  private open = '';

  constructor(backups: BlobContainer, workload: string) {
    this.backups = backups;
    this.workload = workload;
  }

  async write(beat: Beat): Promise<void> {
    const name = journalBlob(this.workload, Date.parse(beat.at));
    if (name !== this.open) await this.backups.createAppendable(name);
    this.open = name;
    const line = Buffer.from(beatLine(beat));
    if ((await this.backups.append(name, line)) !== 'gone') return;
    // Somebody took it away, or the store was set back: a beat that is lost is a silence that people are woken for.
    await this.backups.createAppendable(name);
    await this.backups.append(name, line);
  }
}

/** The newest line of the journal, of today or of yesterday; null where there is none. */
export async function newestBeat(
  backups: BlobContainer,
  workload: string,
  now: number,
): Promise<Beat | null> {
  for (const day of [now, now - DAY_MS]) {
    const name = journalBlob(workload, day);
    const length = await backups.length(name);
    if (length === null || length === 0) continue;
    const from = Math.max(0, length - JOURNAL_TAIL_BYTES);
    const beat = lastBeat((await backups.read(name, from, length - from))?.toString('utf8') ?? '');
    if (beat !== null) return beat;
  }
  return null;
}
