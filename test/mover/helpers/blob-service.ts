import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';
import { generate } from 'selfsigned';
import { BACKUPS, HANDOVER } from '../../../core/data/layout.ts';
import { openStore, type Store } from '../../../mover/store/blob-store.ts';
import { freePort } from '../../helpers/free-port.ts';
import { repository } from '../../pipelines/helpers/script-bench.ts';

/** The account that Azurite has from the start. */
const ACCOUNT = 'devstoreaccount1';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as Entra ID would make it, but for the signature, which Azurite does not look at. */
export const credential: TokenCredential = {
  getToken: () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      aud: 'https://storage.azure.com',
      iss: 'https://sts.windows.net/11111111-2222-4333-8444-555555555555/',
      iat: now - 10,
      nbf: now - 10,
      exp: now + 3_000,
    };
    const token = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}.c2lnbmVk`;
    return Promise.resolve({ token, expiresOnTimestamp: (now + 3_000) * 1000 });
  },
};

/** A real blob service (Azurite) on loopback, with TLS and tokens, its data in a folder that goes with it. */
export interface BlobService {
  readonly url: string;
  /** File of its certificate. */
  readonly certificate: string;
  readonly store: Store;
  /** Puts a blob into `backups`, as somebody with every right could. */
  readonly put: (name: string, body: Buffer) => Promise<void>;
  /** Changes a byte in the middle of a blob of `backups`. */
  readonly damage: (name: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /** Ends the service, its data stay; `again` starts it on the same port. */
  readonly pause: () => Promise<void>;
  readonly again: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A week; the certificate itself is good for a year. */
const KEPT_MS = 7 * 86_400_000;

/**
 * One certificate for all tests of a machine: a process that has made a connection keeps what it trusts, and a worker runs one file of
 * tests after the other.
 */
async function certificateFiles(): Promise<{ readonly cert: string; readonly key: string }> {
  const folder = join(repository, 'node_modules/.cache', 'blob-service');
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  if (existsSync(files.cert) && Date.now() - statSync(files.cert).mtimeMs < KEPT_MS) return files;
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const making = `${folder}.${String(process.pid)}`;
  mkdirSync(making, { recursive: true });
  writeFileSync(join(making, 'cert.pem'), made.cert);
  writeFileSync(join(making, 'key.pem'), made.private);
  try {
    renameSync(making, folder);
  } catch {
    // Another worker was quicker: its certificate is the one.
    rmSync(making, { recursive: true, force: true });
  }
  return files;
}

export async function startBlobService(): Promise<BlobService> {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-blobs-'));
  const { cert, key } = await certificateFiles();
  const port = await freePort();
  const url = `https://127.0.0.1:${String(port)}/${ACCOUNT}`;
  let child: ChildProcess | null = null;
  const again = async (): Promise<void> => {
    child = spawn(
      process.execPath,
      [
        join(repository, 'node_modules/azurite/dist/src/blob/main.js'),
        ...['--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', join(folder, 'data')],
        ...['--oauth', 'basic', '--cert', cert, '--key', key],
        ...['--silent', '--skipApiVersionCheck', '--disableTelemetry'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const { stdout } = child;
    if (stdout === null) throw new Error('the blob service has no output');
    await once(stdout, 'data');
  };
  const pause = async (): Promise<void> => {
    if (child?.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  await again();
  // For this process; a child gets the file by NODE_EXTRA_CA_CERTS.
  setDefaultCACertificates([...getCACertificates(), readFileSync(cert, 'utf8')]);
  const service = new BlobServiceClient(url, credential);
  for (const name of [BACKUPS, HANDOVER]) await service.createContainer(name);
  const backups = service.getContainerClient(BACKUPS);
  const put = async (name: string, body: Buffer): Promise<void> => {
    await backups.getBlockBlobClient(name).upload(body, body.length);
  };
  return {
    put,
    damage: async (name) => {
      const body = await backups.getBlobClient(name).downloadToBuffer();
      const at = body.length >> 1;
      body[at] = (body[at] ?? 0) ^ 0xff;
      await put(name, body);
    },
    remove: async (name) => {
      await backups.getBlobClient(name).delete();
    },
    url,
    certificate: cert,
    store: openStore(url, credential),
    pause,
    again,
    stop: async () => {
      await pause();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
