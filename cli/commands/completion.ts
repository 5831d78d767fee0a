import * as z from 'zod';
import { readConfig } from '../../core/config/read.ts';
import { InvalidInput } from '../../core/errors.ts';
import { globalOptions, readArgs } from '../arguments.ts';
import type { Command, PlainDeps } from '../command.ts';
import { bashCompletion, fishCompletion, zshCompletion } from '../completion-scripts.ts';
import { CommandFailure, EXIT } from '../exit.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
const argsSchema = z.object({ shell: z.enum([...shells, 'workloads']) });

/** The script that lets a shell complete commands, options and workloads. */
export const completion = (commands: () => readonly Command[]): Command => ({
  name: 'completion',
  summary: 'Print the completion script of your shell',
  details: 'workloads prints the ids that the configuration has, one on a line; the scripts ask for them.',
  operands: [{ name: 'shell', about: 'your shell', required: true, choices: [...shells, 'workloads'] }],
  options: [],
  examples: [
    'source <(pilotlight completion bash)',
    'pilotlight completion zsh > "${fpath[1]}/_pilotlight"',
    'pilotlight completion fish > ~/.config/fish/completions/pilotlight.fish',
  ],
  exits: {
    ok: 'the script is printed, or the ids, none without a configuration',
    usage: 'the command line is wrong',
  },
  needs: 'nothing',
  async run(raw, deps) {
    const { shell } = readArgs(argsSchema, raw, 'completion');
    if (shell === 'workloads') {
      const ids = workloadIds(deps);
      deps.out.document({ workloads: ids });
      for (const id of ids) deps.out.line(id);
      return EXIT.ok;
    }
    const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
    const script = scripts[shell](commands(), globalOptions);
    deps.out.document({ shell, script });
    deps.out.line(script);
    return EXIT.ok;
  },
});

/** None where the configuration is missing or broken: a shell that completes must not complain. */
function workloadIds({ readText, configFile }: PlainDeps): string[] {
  try {
    return Object.keys(readConfig(readText(configFile)).workloads);
  } catch (error) {
    if (error instanceof InvalidInput || error instanceof CommandFailure) return [];
    throw error;
  }
}
