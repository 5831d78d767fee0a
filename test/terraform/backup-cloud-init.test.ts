import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describeWith, repository } from '../pipelines/helpers/script-bench.ts';

/*
 * Goal: what a new machine is given is what the repository has, and EC2 takes it.
 * Method: Terraform itself makes the text, out of the module's own files without its resources, so that no provider is needed.
 */

jest.setTimeout(60_000);

const instance = join(repository, 'terraform/modules/backup-instance');
const PARTS = ['main.cloud-init.tf', 'variables.tf', 'files', 'templates'];
/** EC2's limit for user data before base64. Source: EC2 User Guide, "Run commands when you launch an EC2 instance". */
const USER_DATA_BYTES_MAX = 16_384;

interface CloudInit {
  readonly write_files: readonly {
    readonly path: string;
    readonly permissions: string;
    readonly content: string;
  }[];
  readonly runcmd: unknown;
}

/** The module's local.cloud_init, with the good values of its tests and a schedule. */
function render(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-cloud-init-'));
  try {
    for (const part of PARTS) cpSync(join(instance, part), join(folder, part), { recursive: true });
    const done = spawnSync(
      'terraform',
      [
        'console',
        `-var-file=${join(instance, 'tests/terraform.tfvars')}`,
        '-var=schedule={dump="03:00",prove="04:30"}',
      ],
      { input: 'jsonencode(local.cloud_init)', cwd: folder, encoding: 'utf8' },
    );
    const line = done.stdout.split('\n').find((one) => one.startsWith('"'));
    if (line === undefined) throw new Error(`terraform console: ${done.stdout}${done.stderr}`);
    return JSON.parse(JSON.parse(line) as string) as string;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWith(['terraform'], 'the cloud-init of the backup instance', () => {
  let text: string;
  let made: CloudInit;
  beforeAll(() => {
    text = render();
    made = parse(text) as CloudInit;
  });
  const file = (path: string) => made.write_files.find((one) => one.path === path);

  it('is a cloud-config that EC2 has room for', () => {
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(USER_DATA_BYTES_MAX);
  });

  it('writes every script to the letter, whatever signs are in it, and lets it be run', () => {
    for (const name of readdirSync(join(instance, 'files'))) {
      expect(file(`/usr/local/lib/pilotlight/${name}`)).toEqual({
        path: `/usr/local/lib/pilotlight/${name}`,
        permissions: '0755',
        content: readFileSync(join(instance, 'files', name), 'utf8'),
      });
    }
  });

  it('writes the units, and nothing else than what is here', () => {
    expect(made.write_files.map(({ path }) => path).sort()).toEqual([
      '/etc/pilotlight/settings',
      '/etc/systemd/system/pilotlight-dump.service',
      '/etc/systemd/system/pilotlight-dump.timer',
      '/etc/systemd/system/pilotlight-home.service',
      '/etc/systemd/system/pilotlight-prove.service',
      '/etc/systemd/system/pilotlight-prove.timer',
      '/etc/systemd/system/pilotlight-ship.service',
      '/usr/local/lib/pilotlight/begin.sh',
      '/usr/local/lib/pilotlight/mover.sh',
      '/usr/local/lib/pilotlight/replace-me.sh',
      '/usr/local/lib/pilotlight/ship.sh',
    ]);
  });

  it('gives the timers their times to the second, and begins at the end', () => {
    for (const [timer, at] of [
      ['dump', '03:00'],
      ['prove', '04:30'],
    ]) {
      expect(file(`/etc/systemd/system/pilotlight-${timer ?? ''}.timer`)?.content).toContain(
        `OnCalendar=*-*-* ${at ?? ''}:00 UTC\nRandomizedDelaySec=0\nAccuracySec=1s\nPersistent=true\n`,
      );
    }
    expect(made.runcmd).toEqual([['/usr/local/lib/pilotlight/begin.sh']]);
  });

  it('has settings that a shell reads as they are, and no secret among them', () => {
    expect(file('/etc/pilotlight/settings')?.content).toBe(
      [
        'CLIENT_ID=33333333-4444-4555-8666-777777777777',
        'DATABASE_HOST=petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com',
        'DATABASE_PORT=3306',
        'HOME_SECRET_ARN=arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf',
        'IMAGE=ghcr.io/pilotlight/mover@sha256:1111111111111111111111111111111111111111111111111111111111111111',
        'REGION=eu-west-1',
        'SECRET_ARN=arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf',
        'SHIP_EVERY=10',
        'SPOOL_MAX_MB=8192',
        'STORE=https://stpetclinicdata1a2b3c.blob.core.windows.net',
        'TENANT_ID=11111111-2222-4333-8444-555555555555',
        'WORKLOAD=petclinic',
        '',
      ].join('\n'),
    );
  });
});

describe('the units of the backup instance', () => {
  const unit = (name: string): string => readFileSync(join(instance, 'templates', name), 'utf8');

  it('ship for ever, and are not given up by systemd', () => {
    expect(unit('pilotlight-ship.service')).toMatch(/^Restart=always$/m);
    expect(unit('pilotlight-ship.service')).toMatch(/^StartLimitIntervalSec=0$/m);
    expect(unit('pilotlight-ship.service')).toMatch(/^WantedBy=multi-user\.target$/m);
  });

  it('serve the way home for ever, and wait where the database is away', () => {
    expect(unit('pilotlight-home.service')).toMatch(/^Restart=always$/m);
    expect(unit('pilotlight-home.service')).toMatch(/^StartLimitIntervalSec=0$/m);
    expect(unit('pilotlight-home.service')).toMatch(/^ExecStart=.*\/mover\.sh serve-home$/m);
  });

  it('let the proof wait for a dump that is still running', () => {
    expect(unit('pilotlight-prove.service')).toMatch(/^After=.*\bpilotlight-dump\.service$/m);
    expect(unit('pilotlight-dump.service')).toMatch(/^Type=oneshot$/m);
  });

  it('leave it to docker who comes first: what a unit says ends at its client', () => {
    for (const name of readdirSync(join(instance, 'templates')))
      expect(unit(name)).not.toMatch(/^(?:Nice|CPU|IO|Memory|OOM)\w*=/m);
  });

  it('call scripts that the machine gets', () => {
    const called = readdirSync(join(instance, 'templates')).flatMap((name) =>
      [...unit(name).matchAll(/\/usr\/local\/lib\/pilotlight\/([a-z-]+\.sh)/g)].map(
        (match) => match[1] ?? '',
      ),
    );
    expect(new Set(called)).toEqual(new Set(['begin.sh', 'mover.sh', 'ship.sh']));
    for (const name of called) expect(existsSync(join(instance, 'files', name))).toBe(true);
  });
});
