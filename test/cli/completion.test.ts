import { spawnSync } from 'node:child_process';
import { makeWorld, useNight } from './world.ts';

useNight();

/** What bash would offer for the last word of a line. */
async function bashOffers(line: string): Promise<string[]> {
  const { stdout } = await makeWorld().run('completion', 'bash');
  const words = line.split(' ');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = [
    'pilotlight() { echo petclinic; }',
    stdout,
    `COMP_WORDS=(${quoted})`,
    `COMP_CWORD=${words.length - 1}`,
    '_pilotlight',
    String.raw`printf '%s\n' "${'$'}{COMPREPLY[@]}"`,
  ].join('\n');
  const bash = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect(bash.stderr).toBe('');
  return bash.stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it.each([
    ['pilotlight st', ['status', 'stop']],
    ['pilotlight route ', ['show', 'set']],
    ['pilotlight status ', ['petclinic']],
    ['pilotlight brake ', ['on', 'off']],
    ['pilotlight brake on p', ['petclinic']],
    ['pilotlight route set petclinic m', ['maintenance']],
    ['pilotlight route set --even', ['--even-if-held']],
    ['pilotlight failover petclinic --s', ['--skip-confirmation']],
    ['pilotlight failover petclinic ', []],
    ['pilotlight completion f', ['fish']],
  ])('offers after "%s" %j', async (line, words) => {
    expect(await bashOffers(line)).toEqual(words);
  });
});

describe('pilotlight completion', () => {
  it('prints a script for zsh that begins as zsh wants it', async () => {
    const { exit, stdout } = await makeWorld().run('completion', 'zsh');
    expect([exit, stdout.startsWith('#compdef pilotlight\n')]).toEqual([0, true]);
  });

  it('prints a line of fish for every command and option', async () => {
    const { stdout } = await makeWorld().run('completion', 'fish');
    expect(stdout).toContain(
      "complete -c pilotlight -n __fish_use_subcommand -a failover -d 'Start a failover",
    );
    expect(stdout).toContain(
      "complete -c pilotlight -n '__fish_seen_subcommand_from route; and __fish_seen_subcommand_from set' -l even-if-held",
    );
    expect(stdout).toContain("-a 'primary standby maintenance'");
  });

  it('prints the ids of the workloads, and none where the configuration cannot be read', async () => {
    expect(await makeWorld().run('completion', 'workloads')).toMatchObject({
      exit: 0,
      stdout: 'petclinic\n',
    });
    const missing = await makeWorld().run('completion', 'workloads', '--config', 'nowhere.yaml');
    expect(missing).toMatchObject({ exit: 0, stdout: '', stderr: '' });
  });

  it('does not know other shells', async () => {
    const ended = await makeWorld().run('completion', 'tcsh');
    expect([ended.exit, ended.stderr.includes('shell: got "tcsh", expected bash or zsh or fish')]).toEqual([
      2,
      true,
    ]);
  });
});
