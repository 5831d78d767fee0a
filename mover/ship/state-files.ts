import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beatSchema, type Beat } from '../../core/data/journal.ts';

/** What other commands on this machine leave for the shipper to tell in its beats. */
interface Notes {
  readonly dumpFault: Beat['dumpFault'];
  readonly proof: Beat['proof'];
}
const schemas = { dumpFault: beatSchema.shape.dumpFault, proof: beatSchema.shape.proof };

const fileOf = (work: string, note: keyof Notes): string => join(work, `${note}.json`);

/** Leaves a note; whole or not at all. */
export function leaveNote<Note extends keyof Notes>(work: string, note: Note, value: Notes[Note]): void {
  mkdirSync(work, { recursive: true });
  const file = fileOf(work, note);
  writeFileSync(`${file}.new`, JSON.stringify(value));
  renameSync(`${file}.new`, file);
}

/** The note, or undefined where there is none on this machine. */
export function readNote<Note extends keyof Notes>(work: string, note: Note): Notes[Note] | undefined {
  try {
    return schemas[note].parse(JSON.parse(readFileSync(fileOf(work, note), 'utf8'))) as Notes[Note];
  } catch {
    return undefined;
  }
}
