import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../mover/command-line.ts';
import { find, sources } from './manifests.ts';

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string }[];
}

const deployment = find(sources('restore'), 'Deployment', 'mover')['spec'] as {
  readonly template: { readonly spec: { readonly containers: readonly Container[] } };
};
const [container] = deployment.template.spec.containers;

const environment = {
  WORKLOAD: 'petclinic',
  DATA_ACCOUNT: 'stpetclinicdata1',
  DATABASE_HOST: 'mysql-petclinic-1.mysql.database.azure.com',
  ADMINISTRATOR_USER: 'pilotlight',
  APPLICATION_USER: 'petclinic_app',
  CORRELATION_ID: 'exec-41',
  BACKUP: 'newest',
  REPLACE_DATA: 'false',
  TMPDIR: '/tmp',
};

/** What the pod's own command hands to the mover, and what it takes away before. */
const runWith = (
  changes: Readonly<Partial<typeof environment>>,
): { readonly handed: string[]; readonly removed: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-mover-command-'));
  try {
    const stub = join(folder, 'mover');
    writeFileSync(stub, '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    // It would act on this machine's own files.
    const remover = join(folder, 'rm');
    writeFileSync(remover, '#!/bin/sh\nprintf "removed %s\\n" "$@" >&2\n');
    for (const program of [stub, remover]) chmodSync(program, 0o755);
    const [shell = '', ...rest] = container?.command ?? [];
    const done = spawnSync(shell, rest, {
      encoding: 'utf8',
      env: { PATH: `${folder}:/usr/bin:/bin`, ...environment, ...changes },
    });
    if (done.status !== 0) throw new Error(done.stderr);
    return { handed: done.stdout.trimEnd().split('\n'), removed: done.stderr.trim() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe('the command of the mover’s pod', () => {
  it('is one that the mover takes', () => {
    const asked = readCommandLine(runWith({}).handed);
    expect(asked).toMatchObject({
      kind: 'run',
      command: 'apply',
      options: {
        workload: 'petclinic',
        store: 'https://stpetclinicdata1.blob.core.windows.net',
        identity: 'workload-identity',
        host: 'mysql-petclinic-1.mysql.database.azure.com',
        user: 'pilotlight',
        'password-file': '/mnt/secrets/administrator',
        'ssl-mode': 'VERIFY_IDENTITY',
        follow: true,
        'ready-file': '/work/ready',
        'application-user': 'petclinic_app',
        'application-password-file': '/mnt/secrets/application',
        dump: null,
        replace: false,
        'correlation-id': 'exec-41',
        work: '/work',
      },
    });
  });

  it('names a dump and lets the data go only where that was asked for', () => {
    const asked = readCommandLine(runWith({ BACKUP: '20261127T030000Z', REPLACE_DATA: 'true' }).handed);
    expect(asked).toMatchObject({ options: { dump: '20261127T030000Z', replace: true } });
  });

  it('is not ready by the word of a container that was killed', () => {
    expect(runWith({}).removed.split('\n')).toContain('removed /work/ready');
  });

  it('gives its pod every value that it reads', () => {
    expect(container?.env.map(({ name }) => name).sort()).toEqual(Object.keys(environment).sort());
  });
});
