import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/identity';
import { readCommandLine } from '../../mover/command-line.ts';
import { runCommand } from '../../mover/commands.ts';
import { openStore } from '../../mover/store/blob-store.ts';

const nobody: TokenCredential = { getToken: () => Promise.resolve(null) };
const around = {
  store: openStore('https://127.0.0.1:9', nobody),
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  log: { info: () => undefined, warn: () => undefined },
  print: () => undefined,
  signal: new AbortController().signal,
};

describe('a command that needs a database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-commands-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (passwordFile: string): Promise<void> => {
    const asked = readCommandLine([
      ...['verify', '--workload', 'shop', '--store', 'https://st.blob.core.windows.net'],
      ...['--identity', 'workload-identity', '--host', '127.0.0.1', '--port', '9', '--user', 'pilot'],
      ...['--password-file', passwordFile, '--take'],
    ]);
    if (asked.kind !== 'run') throw new Error('no command');
    return runCommand(asked.command, asked.options, around);
  };

  it('says which password file is not there, and where to look', async () => {
    await expect(run(join(folder, 'none'))).rejects.toThrow(
      /^the password file .*none cannot be read \(.*ENOENT.*look at the events of the pod\.$/,
    );
  });

  it('reads one that is there, and then asks the database', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'secret\n');
    await expect(run(file)).rejects.not.toMatchObject({ code: 'NO_PASSWORD' });
  });
});
