import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeWhole } from '../../cli/files.ts';

describe('writing a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pilotlight-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('leaves the whole of it, and nothing beside it', () => {
    const file = path.join(folder, 'a.yaml');
    writeWhole(file, 'version: 1\n');
    expect(readFileSync(file, 'utf8')).toBe('version: 1\n');
    expect(readdirSync(folder)).toEqual(['a.yaml']);
  });

  it('replaces what was there', () => {
    const file = path.join(folder, 'a.yaml');
    writeFileSync(file, 'a much longer text than the new one');
    writeWhole(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('fails where there is no such folder', () => {
    expect(() => {
      writeWhole(path.join(folder, 'none', 'a.yaml'), 'x');
    }).toThrow('ENOENT');
  });

  it('leaves nothing behind where the place is taken by a folder', () => {
    expect(() => {
      writeWhole(folder, 'x');
    }).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(
      readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`${path.basename(folder)}.`)),
    ).toEqual([]);
  });
});
