import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../mover/command-line.ts';
import { repository } from '../pipelines/helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const instance = join(repository, 'terraform/modules/backup-instance');
const settings = {
  IMAGE: `ghcr.io/pilotlight/mover@sha256:${'1'.repeat(64)}`,
  WORKLOAD: 'petclinic',
  REGION: 'eu-west-1',
  STORE: 'https://stpetclinicdata1a2b3c.blob.core.windows.net',
  TENANT_ID: '11111111-2222-4333-8444-555555555555',
  CLIENT_ID: '33333333-4444-4555-8666-777777777777',
  DATABASE_HOST: 'petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com',
  DATABASE_PORT: '3306',
  SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf',
  HOME_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/home-GhIjKl',
  SHIP_EVERY: '10',
  SPOOL_MAX_MB: '8192',
};

describe('the scripts of the backup instance', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-instance-'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(
      join(folder, 'settings'),
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    // Stand-ins that record. `docker run` says how the mover ended.
    for (const name of [
      'docker',
      'aws',
      'curl',
      'sleep',
      'dnf',
      'systemctl',
      'mkfs.xfs',
      'blkid',
      'mountpoint',
      'mount',
      'chown',
      'grep',
    ])
      program(name, '');
    program('curl', 'echo i-0123456789abcdef0');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const program = (name: string, body: string): void => {
    const file = join(folder, 'bin', name);
    writeFileSync(file, `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >>"$RECORD"\n${body}\n`);
    chmodSync(file, 0o755);
  };
  const run = (script: string, args: readonly string[] = []) => {
    const done = spawnSync(join(instance, 'files', script), args, {
      encoding: 'utf8',
      timeout: 30_000,
      env: {
        PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
        RECORD: join(folder, 'calls'),
        FOLDER: folder,
        PILOTLIGHT_SETTINGS: join(folder, 'settings'),
        PILOTLIGHT_STATE: join(folder, 'state'),
        PILOTLIGHT_WORK: join(folder, 'work'),
        PILOTLIGHT_DISK: join(folder, 'disk'),
        PILOTLIGHT_PAUSE: '0',
        PILOTLIGHT_STAMPS: join(folder, 'stamps'),
      },
    });
    return { status: done.status, output: `${done.stdout}${done.stderr}` };
  };
  const calls = (): string[] =>
    existsSync(join(folder, 'calls'))
      ? readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n')
      : [];
  const container = (): string[] =>
    calls()
      .find((line) => line.startsWith('docker run'))
      ?.split(' ') ?? [];

  describe('mover.sh', () => {
    it.each([
      ['ship', { every: 10, 'spool-max-mb': 8192 }],
      ['dump', { work: '/var/lib/pilotlight-mover' }],
      ['prove', { work: '/var/lib/pilotlight-mover' }],
      ['serve-home', { 'secret-arn': settings.HOME_SECRET_ARN }],
      ['orphans --anew', { 'secret-arn': settings.HOME_SECRET_ARN, anew: true }],
      ['gates', { 'secret-arn': settings.HOME_SECRET_ARN }],
      [
        'home --rehearse --dump 20261127T030000Z',
        { 'secret-arn': settings.HOME_SECRET_ARN, rehearse: true, dump: '20261127T030000Z' },
      ],
      ['verify --home', { 'secret-arn': settings.HOME_SECRET_ARN, home: true }],
    ])('gives %s options that the mover takes', (line, options) => {
      const words = line.split(' ');
      const [command] = words;
      expect(run('mover.sh', words).status).toBe(0);
      const all = container();
      const asked = readCommandLine(all.slice(all.indexOf(settings.IMAGE) + 1));
      expect(asked).toMatchObject({
        kind: 'run',
        command,
        options: {
          workload: 'petclinic',
          store: settings.STORE,
          identity: 'aws-role',
          'tenant-id': settings.TENANT_ID,
          'client-id': settings.CLIENT_ID,
          region: 'eu-west-1',
          host: settings.DATABASE_HOST,
          port: 3306,
          'secret-arn': settings.SECRET_ARN,
          'ssl-mode': 'VERIFY_IDENTITY',
          'ssl-ca': '/usr/local/share/pilotlight/rds-ca.pem',
          ...options,
        },
      });
    });

    it('gives the container no right that it does not need, and no disk for the login', () => {
      run('mover.sh', ['ship']);
      const line = container().join(' ');
      for (const option of [
        '--read-only',
        '--cap-drop ALL',
        '--security-opt no-new-privileges',
        '--user 10001:10001',
        '--tmpfs /tmp:',
      ])
        expect(line).toContain(option);
      expect(line).not.toMatch(/--privileged|docker\.sock| -e | --env /);
    });

    it('lets the shipper come first, for the processor and when memory ends', () => {
      for (const command of ['dump', 'prove', 'ship']) run('mover.sh', [command]);
      const runs = calls().filter((line) => line.startsWith('docker run'));
      expect(runs.map((line) => line.includes(' --cpu-shares 256 --oom-score-adj 500 '))).toEqual([
        true,
        true,
        false,
      ]);
    });

    it('starts nothing where the disk is not there', () => {
      program('mountpoint', 'exit 1');
      const { status, output } = run('mover.sh', ['ship']);
      expect(status).toBe(1);
      expect(output).toContain(`no disk is mounted at ${join(folder, 'work')}`);
      expect(container()).toEqual([]);
    });

    it.each(['apply', 'status'])('refuses %s, for which this machine has no right', (command) => {
      expect(run('mover.sh', [command])).toMatchObject({
        status: 2,
        output: expect.stringContaining(`got the command ${command}`) as unknown,
      });
      expect(container()).toEqual([]);
    });
  });

  describe('ship.sh', () => {
    const shipEndsWith = (status: number): void =>
      program('docker', `[[ "$1" != run ]] || exit ${String(status)}`);
    const pauses = (): string[] =>
      calls()
        .filter((line) => line.startsWith('sleep '))
        .map((line) => line.slice(6));
    const replaced = (): string[] => calls().filter((line) => line.startsWith('aws '));

    it('waits longer each time, up to five minutes', () => {
      shipEndsWith(5);
      for (let time = 0; time < 9; time++) expect(run('ship.sh').status).toBe(5);
      expect(pauses()).toEqual(['5', '10', '20', '40', '80', '160', '300', '300', '300']);
    });

    it('has the machine replaced where docker, memory or the disk fails ten times in a row', () => {
      shipEndsWith(125);
      for (let time = 0; time < 9; time++) run('ship.sh');
      expect(replaced()).toEqual([]);
      run('ship.sh');
      expect(replaced()).toEqual([
        'aws autoscaling set-instance-health --region eu-west-1 --instance-id i-0123456789abcdef0 --health-status Unhealthy --no-should-respect-grace-period',
      ]);
    });

    it.each([2, 3, 4, 5, 6, 8])(
      'replaces no machine for an end with %i, which the next one would meet again',
      (status) => {
        shipEndsWith(status);
        for (let time = 0; time < 12; time++) run('ship.sh');
        expect(replaced()).toEqual([]);
      },
    );

    it('has the machine replaced where its disk stays away', () => {
      program('mountpoint', 'exit 1');
      for (let time = 0; time < 10; time++) run('ship.sh');
      expect(replaced()).toHaveLength(1);
    });

    it('begins to count anew after an end that was asked for', () => {
      shipEndsWith(125);
      for (let time = 0; time < 9; time++) run('ship.sh');
      shipEndsWith(0);
      expect(run('ship.sh').status).toBe(0);
      shipEndsWith(125);
      run('ship.sh');
      expect(replaced()).toEqual([]);
      expect(pauses().at(-1)).toBe('5');
    });
  });

  describe('begin.sh', () => {
    it('makes the disk, brings docker and the image, and starts the units', () => {
      writeFileSync(join(folder, 'disk'), '');
      program('blkid', 'exit 2');
      program('mountpoint', 'exit 1');
      expect(run('begin.sh')).toMatchObject({ status: 0 });
      const order = [
        'mkfs.xfs',
        'mount ',
        'dnf install',
        'systemctl enable --now docker',
        'docker pull',
        'systemctl enable --now pilotlight-ship',
      ];
      const places = order.map((text) => calls().findIndex((line) => line.startsWith(text)));
      expect(places).not.toContain(-1);
      expect([...places].sort((a, b) => a - b)).toEqual(places);
      expect(calls().at(-1)).toBe(
        'systemctl enable --now pilotlight-ship.service pilotlight-home.service pilotlight-dump.timer pilotlight-prove.timer',
      );
    });

    it('lets the timers make up for what fell due in the last two hours, and for nothing before', () => {
      writeFileSync(join(folder, 'disk'), '');
      expect(run('begin.sh').status).toBe(0);
      for (const timer of ['dump', 'prove']) {
        const stamp = statSync(join(folder, 'stamps', `stamp-pilotlight-${timer}.timer`));
        const secondsAgo = (Date.now() - stamp.mtimeMs) / 1000;
        expect(Math.abs(secondsAgo - 7_200)).toBeLessThan(60);
      }
    });

    it('makes no file system over one that is there', () => {
      writeFileSync(join(folder, 'disk'), '');
      expect(run('begin.sh').status).toBe(0);
      expect(calls().some((line) => line.startsWith('mkfs'))).toBe(false);
    });

    it('tries for a while, and then has the machine replaced', () => {
      writeFileSync(join(folder, 'disk'), '');
      program('docker', 'exit 1');
      const { status, output } = run('begin.sh');
      expect(status).toBe(1);
      expect(output).toContain(`the image ${settings.IMAGE} could not be pulled`);
      expect(calls().filter((line) => line.startsWith('docker pull'))).toHaveLength(60);
      expect(calls().at(-1)).toMatch(/^aws autoscaling set-instance-health /);
      expect(calls().some((line) => line.includes('pilotlight-ship'))).toBe(false);
    });
  });

  it('stop at the first error, say why they exist, and may be run', () => {
    for (const name of readdirSync(join(instance, 'files'))) {
      const lines = readFileSync(join(instance, 'files', name), 'utf8').split('\n');
      expect([name, lines[0]]).toEqual([name, '#!/usr/bin/env bash']);
      expect(lines[1]).toMatch(/^# [A-Z]/);
      expect(lines.find((line) => line !== '' && !line.startsWith('#'))).toBe('set -euo pipefail');
      expect(statSync(join(instance, 'files', name)).mode & 0o111).toBe(0o111);
    }
  });
});
