import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaveNote, readNote } from '../../../mover/ship/state-files.ts';
import { beat } from '../../core/data/fixture.ts';

describe('a note for the shipper', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-notes-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const fault = { at: '2026-11-27T03:00:00.000Z', detail: 'table shop.a has the engine MyISAM' };

  it('is read as it was left, in a folder that need not be there before', () => {
    const work = join(folder, 'a/b');
    leaveNote(work, 'dumpFault', fault);
    leaveNote(work, 'proof', beat().proof);
    expect(readNote(work, 'dumpFault')).toEqual(fault);
    expect(readNote(work, 'proof')).toEqual(beat().proof);
    expect(readdirSync(work).sort()).toEqual(['dumpFault.json', 'proof.json']);
  });

  it('that nothing is wrong any more takes the place of the fault', () => {
    leaveNote(folder, 'dumpFault', fault);
    leaveNote(folder, 'dumpFault', null);
    expect(readNote(folder, 'dumpFault')).toBeNull();
  });

  it('is none where nothing was left, so that what the journal says goes on', () => {
    expect(readNote(folder, 'dumpFault')).toBeUndefined();
  });

  it.each(['', '{"at":"2026-11', '{"at":"yesterday","detail":""}', '[]'])(
    'is none where the file is %j',
    (text) => {
      writeFileSync(join(folder, 'dumpFault.json'), text);
      expect(readNote(folder, 'dumpFault')).toBeUndefined();
    },
  );
});
