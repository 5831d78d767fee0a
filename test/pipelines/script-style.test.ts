import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, repository } from './helpers/script-bench.ts';

const list = (folder: string): string[] =>
  readdirSync(join(repository, folder))
    .filter((name) => name.endsWith('.sh'))
    .map((name) => join(folder, name));
const programs = [
  ...list('pipelines/scripts'),
  ...list('terraform/modules/backup-instance/files'),
  ...list('scripts'),
];
const library = list('pipelines/scripts/lib');

describe('the shell scripts', () => {
  it.each(programs)('%s stops at the first error, says why it exists, and may be run', (file) => {
    const lines = readFileSync(join(repository, file), 'utf8').split('\n');
    expect(lines[0]).toBe('#!/usr/bin/env bash');
    expect(lines[1]).toMatch(/^# [A-Z]/);
    expect(lines.find((line) => line !== '' && !line.startsWith('#'))).toBe('set -euo pipefail');
    expect(statSync(join(repository, file)).mode & 0o111).toBe(0o111);
    expect(lines.length).toBeLessThanOrEqual(160);
  });

  it.each([...programs, ...library])(
    '%s neither breaks a lock nor turns one off, and prints no command as it runs',
    (file) => {
      const code = readFileSync(join(repository, file), 'utf8')
        .split('\n')
        .filter((line) => !line.trimStart().startsWith('#') && !line.includes('fail STATE_LOCKED'));
      expect(code.join('\n')).not.toMatch(
        /force-unlock|-lock=false|lease break|set -x|--account-key|--sas-token/,
      );
    },
  );
});

describe('the codes of the errors', () => {
  const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
  const codesIn = (text: string, pattern: RegExp): string[] => [
    ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
  ];
  const thrown = codesIn(
    [...programs, ...library].map(read).join('\n'),
    /\b(?:fail|say) ([A-Z][A-Z_]{5,})\b/g,
  );
  const setup = read('docs/azure-setup.md');

  it.each(thrown)('%s is explained to the one who meets it', (code) => {
    const page = code.startsWith('BACKUP_')
      ? read('pipelines/README.md')
      : setup.split('## What the errors say')[1];
    expect(page).toContain(`\`${code}\``);
  });

  it('and no page explains a code that nothing says', () => {
    const explained = codesIn(setup.split('## What the errors say')[1] ?? '', /`([A-Z]+_[A-Z_]*[A-Z])`/g);
    expect(explained.length).toBeGreaterThan(20);
    expect(explained.filter((code) => !thrown.includes(code))).toEqual([]);
  });
});

describeWith(['shellcheck'], 'shellcheck', () => {
  it('finds nothing to say', () => {
    const found = spawnSync('shellcheck', [...programs, ...library], { cwd: repository, encoding: 'utf8' });
    expect({ status: found.status, said: found.stdout }).toEqual({ status: 0, said: '' });
  });
});
