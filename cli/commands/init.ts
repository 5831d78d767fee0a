import * as z from 'zod';
import { readConfig } from '../../core/config/read.ts';
import { readArgs } from '../arguments.ts';
import type { BeginDeps, Command } from '../command.ts';
import { EXIT, misuse, refusal } from '../exit.ts';
import { problemsOf } from '../init/check.ts';
import { fill, type Draft } from '../init/draft.ts';
import { fieldNames, fieldOptions, fields, required, type FieldName } from '../init/fields.ts';
import { fileText, NOTHING_FOUND } from '../init/file-text.ts';
import { makeInterview, normal } from '../init/interview.ts';
import { lookUpAndAsk } from '../init/look-up.ts';
import { tellWritten } from '../init/summary.ts';
import { switchSchema } from '../people.ts';

const argsSchema = z.object({
  ...(Object.fromEntries(fieldNames.map((name) => [name, z.string().optional()])) as Record<
    FieldName,
    z.ZodOptional<z.ZodString>
  >),
  yes: switchSchema,
  force: switchSchema,
});
type InitArgs = z.output<typeof argsSchema>;

/** Writes a first configuration: the shortest way from nothing to a drill of one's own site. */
export const init: Command = {
  name: 'init',
  summary: 'Write a configuration for a site of yours',
  details:
    'It looks up what it can with the credentials at hand (the distribution and its origins, the load balancer, its\n' +
    'target group, the alarms that are there), asks for the rest, and writes a file that config check accepts.\n' +
    'It only reads in AWS. What nobody can say yet is an example in the file, with a comment that says where to find it.',
  operands: [],
  options: [
    ...fieldOptions,
    { name: 'yes', value: null, about: 'ask nothing: take every default' },
    { name: 'force', value: null, about: 'replace a file that is there' },
  ],
  examples: [
    'pilotlight init',
    'pilotlight init --url https://shop.example.com --profile shop --yes',
    'pilotlight init --url https://shop.example.com --primary-region eu-west-1 --yes --config shop.config.yaml --json',
  ],
  exits: {
    ok: 'the file is written, and valid; what is left to fill in is listed',
    failed: 'the file is there already or could not be written, or no answer came; nothing was written',
    usage: 'the command line is wrong, or something is missing that has no default; nothing was written',
  },
  needs: 'discovery',
  async run(raw, deps) {
    const args = readArgs(argsSchema, raw, 'init');
    const { out, configFile: file } = deps;
    refuseFile(deps, args.force);
    const given = givenOf(args);
    const problems = [...problemsOf(given, NOTHING_FOUND), ...missingOf(given, args.yes, deps.ask !== null)];
    if (problems.length > 0) throw misuse(problems, 'init');
    const interview = makeInterview({ out, ask: args.yes ? null : deps.ask, given });
    const findings = await lookUpAndAsk(interview, deps.discovery);
    const draft = interview.draft();
    const last = required.filter((name) => draft[name] === undefined).map(missing);
    const wrong = [...last, ...problemsOf(draft, findings)];
    if (wrong.length > 0) throw misuse(wrong, 'init');
    const filled = fill(draft);
    const text = fileText(filled, findings);
    const config = readConfig(text);
    // Somebody may have written it while the questions were being answered.
    refuseFile(deps, args.force);
    deps.writeText(file, text);
    tellWritten(out, { file, config, filled, findings, notes: interview.notes });
    return EXIT.ok;
  },
};

function refuseFile({ isFile, configFile }: BeginDeps, force: boolean): void {
  if (force || !isFile(configFile)) return;
  throw refusal(
    `${configFile} is there already; nothing was written.`,
    'Name another file with --config FILE, or replace this one with --force.',
  );
}

const givenOf = (args: InitArgs): Draft =>
  Object.fromEntries(
    fieldNames.flatMap((name) => {
      const value = args[name];
      return value === undefined ? [] : [[name, { value: normal(name, value), from: 'you' as const }]];
    }),
  );

const missing = (name: FieldName): string =>
  `--${name}: got nothing, expected ${fields[name].value}: ${fields[name].about}`;

/** What nobody will be there to say: without a terminal all that would be asked, with --yes what has no default. */
function missingOf(given: Draft, yes: boolean, terminal: boolean): string[] {
  if (yes) {
    // A distribution names its site and its load balancer, if it can be looked up.
    const known = given.url !== undefined || given.distribution !== undefined;
    return known ? [] : required.filter((name) => given[name] === undefined).map(missing);
  }
  if (terminal) return [];
  const names = fieldNames.filter((name) => fields[name].question !== undefined && given[name] === undefined);
  const hint = 'there is no terminal to ask on: give --yes to take every default, or these';
  return names.length === 0 ? [] : [hint, ...names.map(missing)];
}
