import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalLog, readableLog, type StoredLogFile } from '../../../mover/apply/log-files.ts';
import { logParts } from '../../../mover/store/dumps.ts';
import { DUMP, part, SEGMENT } from '../../core/data/fixture.ts';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';

const stored = (name: string, length: number, more: Partial<StoredLogFile> = {}): StoredLogFile => ({
  ...{ segment: SEGMENT, name, length, isLastOfSegment: false, isLast: false },
  ...more,
});
const LAST = { isLastOfSegment: true, isLast: true };

describe('the log that can be read', () => {
  it('is every file of every segment, in the order in which they are replayed', () => {
    const parts = [
      part('other.000042', 0, 80, '0002-99999999'),
      part('binlog.000002', 0, 150),
      part('binlog.000001', 100, 60),
      part('binlog.000001', 0, 100),
    ];
    expect(readableLog(parts)).toEqual({
      files: [
        stored('binlog.000001', 160),
        stored('binlog.000002', 150, { isLastOfSegment: true }),
        stored('other.000042', 80, { segment: '0002-99999999', ...LAST }),
      ],
      gap: null,
    });
  });

  it('ends before a file that is missing, and says which', () => {
    expect(readableLog([part('b.000001', 0, 10), part('b.000003', 0, 10), part('b.000004', 0, 10)])).toEqual({
      files: [stored('b.000001', 10)],
      gap: '0001-0123abcd has no file between b.000001 and b.000003',
    });
  });

  it('ends at a byte that is missing, and gives what is before it', () => {
    const parts = [part('b.000001', 0, 10), part('b.000001', 20, 10), part('b.000002', 0, 10)];
    expect(readableLog(parts)).toEqual({
      files: [stored('b.000001', 10)],
      gap: '0001-0123abcd/b.000001 has a hole at byte 10',
    });
  });

  it('leaves out a later segment where an earlier one has a gap: what it follows is not there', () => {
    const parts = [
      part('b.000001', 0, 10),
      part('b.000003', 0, 10),
      part('c.000001', 0, 10, '0002-99999999'),
    ];
    expect(readableLog(parts).files.map(({ name }) => name)).toEqual(['b.000001']);
  });

  it('goes on over the number at which names get a digit more', () => {
    const { files, gap } = readableLog([part('b.1000000', 0, 1), part('b.999999', 0, 1)]);
    expect(files.map(({ name }) => name)).toEqual(['b.999999', 'b.1000000']);
    expect(gap).toBeNull();
  });

  it('is nothing where nothing is', () => {
    expect(readableLog([])).toEqual({ files: [], gap: null });
  });
});

describe('the copies of the log on this machine', () => {
  let blobs: BlobService;
  let work: string;
  beforeAll(async () => {
    blobs = await startBlobService();
    work = mkdtempSync(join(tmpdir(), 'pilotlight-log-'));
  }, 60_000);
  afterAll(async () => {
    await blobs.stop();
    rmSync(work, { recursive: true });
  });

  const nameOf = (workload: string, file: string, offset: string): string =>
    `${workload}/${DUMP}/log/${SEGMENT}/${file}/${offset}`;

  it('grow as the store does, over its parts, and hold every byte once', async () => {
    const { backups } = blobs.store;
    const local = new LocalLog(join(work, 'grow'), backups, 'grow');
    const fetch = async (): Promise<string> => {
      const parts = await logParts(backups, 'grow', DUMP);
      const [file] = readableLog(parts).files;
      return readFileSync(await local.fetch(DUMP, file!, parts), 'utf8');
    };
    const first = nameOf('grow', 'b.000001', '000000000000');
    await backups.createAppendable(first);
    await backups.append(first, Buffer.from('abc'), 0);
    expect(await fetch()).toBe('abc');
    await backups.append(first, Buffer.from('de'), 3);
    await backups.createAppendable(nameOf('grow', 'b.000001', '000000000005'));
    expect(await fetch()).toBe('abcde');
    await backups.append(nameOf('grow', 'b.000001', '000000000005'), Buffer.from('fgh'), 0);
    expect(await fetch()).toBe('abcdefgh');
    expect(await fetch()).toBe('abcdefgh');
  });

  it('begin anew with each process, because half a file of a process that died is no file', async () => {
    const { backups } = blobs.store;
    const name = nameOf('anew', 'b.000001', '000000000000');
    await backups.createAppendable(name);
    await backups.append(name, Buffer.from('abc'), 0);
    const parts = await logParts(backups, 'anew', DUMP);
    const folder = join(work, 'anew');
    await new LocalLog(folder, backups, 'anew').fetch(DUMP, readableLog(parts).files[0]!, parts);
    expect(existsSync(folder)).toBe(true);
    new LocalLog(folder, backups, 'anew');
    expect(existsSync(folder)).toBe(false);
  });

  it('go when they are replayed, but for the one that still grows', async () => {
    const { backups } = blobs.store;
    for (const file of ['b.000001', 'b.000002']) {
      const name = nameOf('gone', file, '000000000000');
      await backups.createAppendable(name);
      await backups.append(name, Buffer.from('abc'), 0);
    }
    const parts = await logParts(backups, 'gone', DUMP);
    const local = new LocalLog(join(work, 'gone'), backups, 'gone');
    const { files } = readableLog(parts);
    for (const file of files) await local.fetch(DUMP, file, parts);
    local.keepOnly(DUMP, files[1]!);
    expect(readdirSync(join(work, 'gone', DUMP, SEGMENT))).toEqual(['b.000002']);
    local.drop();
    expect(existsSync(join(work, 'gone'))).toBe(false);
  });
});
