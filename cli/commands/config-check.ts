import * as z from 'zod';
import { readConfig } from '../../core/config/read.ts';
import { warningsOf } from '../../core/config/rules.ts';
import type { Config } from '../../core/config/schema.ts';
import { InvalidInput } from '../../core/errors.ts';
import { readArgs } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { tableText, type Out } from '../output.ts';
import { switchSchema } from '../people.ts';

const argsSchema = z.object({ file: z.string().optional(), strict: switchSchema });

/** Whether the configuration is right, with everything that is wrong with it and everything that is dangerous. Asks no cloud. */
export const configCheck: Command = {
  name: 'config check',
  summary: 'Check the configuration: what is wrong with it, and what is dangerous',
  details:
    'It needs no credentials: it looks at the file alone. A problem is what cannot work on the day; nothing runs with one.\n' +
    'A warning is what works and may do harm; what is meant so may stay so.',
  operands: [
    {
      name: 'file',
      about: 'the configuration; that of --config if left out',
      required: false,
      completes: 'file',
    },
  ],
  options: [{ name: 'strict', value: null, about: 'end with 4 where there are warnings' }],
  examples: [
    'pilotlight config check',
    'pilotlight config check --strict',
    'pilotlight config check staging.config.yaml --json',
  ],
  exits: {
    ok: 'the configuration is right; without --strict it may have warnings',
    usage: 'the configuration has problems, or the command line is wrong',
    notFound: 'there is no such file',
    warnings: 'with --strict: the configuration is right and has warnings',
  },
  needs: 'nothing',
  async run(raw, { out, configFile, readText }) {
    const args = readArgs(argsSchema, raw, 'config check');
    const file = args.file ?? configFile;
    const checked = check(readText(file));
    out.document({
      file,
      valid: checked.config !== null,
      problems: checked.problems,
      warnings: checked.warnings,
      workloads: Object.keys(checked.config?.workloads ?? {}),
    });
    tell(out, file, checked);
    return exitOf(checked, args.strict);
  },
};

interface Checked {
  readonly config: Config | null;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

function check(text: string): Checked {
  try {
    const config = readConfig(text);
    return { config, problems: [], warnings: warningsOf(config) };
  } catch (error) {
    if (error instanceof InvalidInput) return { config: null, problems: error.problems, warnings: [] };
    throw error;
  }
}

function exitOf({ config, warnings }: Checked, strict: boolean): ExitCode {
  if (config === null) return EXIT.usage;
  return strict && warnings.length > 0 ? EXIT.warnings : EXIT.ok;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function tell(out: Out, file: string, { config, problems, warnings }: Checked): void {
  if (config === null) {
    out.line(out.dress.bad(`${file}: not valid`));
    for (const problem of problems) out.line(`- ${problem}`);
    out.line(
      'Each line has the path, what was got and what was expected. pilotlight.schema.json describes every field.',
    );
    return;
  }
  out.line(out.dress.good(`${file}: valid`));
  out.line(tableText(['WORKLOAD', 'SITE', 'TIER', 'STRATEGY', 'APPROVAL'], rowsOf(config), out.dress));
  if (warnings.length === 0) return;
  out.line(`\n${out.dress.warn(counted(warnings.length, 'warning'))}: allowed, and dangerous`);
  for (const warning of warnings) out.line(`- ${warning}`);
}

const rowsOf = ({ workloads }: Config): string[][] =>
  Object.entries(workloads).map(([id, { url, standby, edge, policy }]) => [
    id,
    url,
    standby.tier,
    edge.strategy,
    policy.approval.mode,
  ]);
