import * as z from 'zod';
import { readConfig } from '../../core/config/read.ts';
import type { Config } from '../../core/config/schema.ts';
import { InvalidInput } from '../../core/errors.ts';
import { readArgs } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit.ts';
import { tableText } from '../output.ts';

const argsSchema = z.object({ file: z.string().optional() });

/** Whether the configuration is right, with everything that is wrong with it. Asks no cloud. */
export const configCheck: Command = {
  name: 'config check',
  summary: 'Check the configuration and list everything that is wrong with it',
  details: 'It needs no credentials: it looks at the file alone.',
  operands: [
    {
      name: 'file',
      about: 'the configuration; that of --config if left out',
      required: false,
      completes: 'file',
    },
  ],
  options: [],
  examples: ['pilotlight config check', 'pilotlight config check staging.config.yaml --json'],
  needs: 'nothing',
  async run(raw, { out, configFile, readText }) {
    const file = readArgs(argsSchema, raw, 'config check').file ?? configFile;
    const checked = check(readText(file));
    out.document({
      file,
      valid: checked.config !== null,
      problems: checked.problems,
      workloads: Object.keys(checked.config?.workloads ?? {}),
    });
    if (checked.config === null) {
      out.line(out.dress.bad(`${file}: ${checked.problems.length} problems`));
      for (const problem of checked.problems) out.line(`- ${problem}`);
      out.line(
        'Each line has the path, what was got and what was expected. pilotlight.schema.json describes every field.',
      );
      return EXIT.failed;
    }
    out.line(out.dress.good(`${file}: valid`));
    out.line(
      tableText(['WORKLOAD', 'SITE', 'TIER', 'STRATEGY', 'APPROVAL'], rowsOf(checked.config), out.dress),
    );
    return EXIT.ok;
  },
};

interface Checked {
  readonly config: Config | null;
  readonly problems: readonly string[];
}

function check(text: string): Checked {
  try {
    return { config: readConfig(text), problems: [] };
  } catch (error) {
    if (error instanceof InvalidInput) return { config: null, problems: error.problems };
    throw error;
  }
}

const rowsOf = ({ workloads }: Config): string[][] =>
  Object.entries(workloads).map(([id, { url, standby, edge, policy }]) => [
    id,
    url,
    standby.tier,
    edge.strategy,
    policy.approval.mode,
  ]);
