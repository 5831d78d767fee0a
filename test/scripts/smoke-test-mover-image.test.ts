import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../pipelines/helpers/script-bench.ts';

/*
 * Goal: an image that would fail on the night fails before it is pushed.
 * Method: the real script, with a docker that answers as a good image would, and in one place as a bad one. The image itself is built by
 * CI alone.
 */

jest.setTimeout(60_000);

/** What a good image answers; `$FAULT` names the program that answers otherwise, `$ANSWER` what it says then. */
const DOCKER = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$RECORD"
while [[ "$1" != --entrypoint ]]; do shift; done
program="$2"
shift 3
if [[ "$program $*" == $FAULT ]]; then
  [[ -z "$ANSWER" ]] || printf '%s\\n' "$ANSWER"
  exit 1
fi
case "$program $*" in
  'mover --help') echo 'The mover of Pilotlight: moves the data' ;;
  'mover '*' --help') echo "mover $1" ;;
  'mover apply') exit 2 ;;
  'node --version') echo v24.20.0 ;;
  *' --version') echo "$program  Ver 8.4.11 for Linux on aarch64 (MySQL Community Server - GPL)" ;;
  'id -u') echo 10001 ;;
esac
`;

describe('the smoke test of the image', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-smoke-'));
    writeFileSync(join(folder, 'docker'), DOCKER);
    chmodSync(join(folder, 'docker'), 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (fault = 'nothing', answer = '') => {
    const done = spawnSync(
      join(repository, 'scripts/smoke-test-mover-image.sh'),
      ['mover:under-test', 'linux/arm64'],
      {
        encoding: 'utf8',
        env: {
          PATH: `${folder}:/usr/bin:/bin`,
          RECORD: join(folder, 'calls'),
          FAULT: fault,
          ANSWER: answer,
        },
      },
    );
    return { status: done.status, output: `${done.stdout}${done.stderr}` };
  };

  it('passes a good image, and looks at it without network, without root and without a disk to write to', () => {
    expect(run()).toEqual({ status: 0, output: 'mover:under-test on linux/arm64 is as it should be\n' });
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n');
    for (const call of calls) {
      expect(call).toContain('--platform linux/arm64 --network none --read-only --user 10001:10001');
    }
  });

  it.each([
    ['mover --help', '', 'mover --help says something else'],
    ['mover prove --help', '', 'mover prove --help says something else'],
    ['node --version', 'v22.1.0', 'node is not of version 24'],
    [
      'mysqlbinlog --version',
      'mysqlbinlog from 11.8.3-MariaDB, client 3.5',
      'mysqlbinlog is not of MySQL 8.4',
    ],
    ['mysqld --version', 'mysqld  Ver 9.7.4 for Linux', 'mysqld is not of MySQL 8.4'],
    ['mysqld --no-defaults*', '', 'mysqld cannot make the data of a private server'],
    ['id -u', '0', 'it does not run as 10001'],
    ['test -s /usr/local/share/pilotlight/rds-ca.pem', '', 'the certificates of RDS are missing'],
    ['mover apply', '', 'a command without options ended with 1, expected 2'],
  ])('refuses an image in which %s is not right', (fault, answer, said) => {
    expect(run(fault, answer)).toEqual({
      status: 1,
      output: `mover:under-test on linux/arm64: ${said}\n`,
    });
  });
});
