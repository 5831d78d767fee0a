import { isAboutExamples } from '../../core/config/rules/examples.ts';
import { warningsOf } from '../../core/config/rules.ts';
import type { Config } from '../../core/config/schema.ts';
import { factsText, type Out } from '../output.ts';
import type { Answer, Filled } from './draft.ts';
import { fieldNames, fields, pathOf } from './fields.ts';
import { isWritten, leftOf, whereOf } from './left-out.ts';
import type { Findings } from './file-text.ts';

/** What was written, and from what. */
export interface Written {
  readonly file: string;
  readonly config: Config;
  readonly filled: Filled;
  readonly findings: Findings;
  readonly notes: readonly string[];
}

interface Left {
  readonly path: string;
  readonly where: string;
}

/** Says what was found, what is left to do, and what to type next. */
export function tellWritten(out: Out, written: Written): void {
  const { file, config, filled, findings, notes } = written;
  const workload = filled.workload.value;
  const left = leftOf(filled).map((name): Left => ({
    path: pathOf(name, workload),
    where: whereOf(name, filled) ?? fields[name].about,
  }));
  const warnings = warningsOf(config);
  const next = nextOf(file);
  out.document({
    file,
    workload,
    values: fieldNames
      .filter((name) => isWritten(name, filled))
      .map((name) => ({ path: pathOf(name, workload), ...filled[name] })),
    alarms: findings.alarms,
    notes,
    left,
    warnings,
    next,
  });
  out.line(`\n${out.dress.good(`${file}: written, and valid`)}`);
  tellValues(out, 'Found in AWS', valuesFrom(filled, 'aws'));
  const guessed = valuesFrom(filled, 'guess').filter(([, value]) => value !== '');
  tellValues(out, 'Guessed: look at them', guessed);
  if (findings.alarms !== null && findings.alarms.length > 0)
    out.line(
      `\nAlarms that watch the load balancer already: ${findings.alarms.length}, named in a comment of the file`,
    );
  tellLeft(out, left, warnings);
  out.line('\nNext');
  for (const command of next) out.line(`  ${command}`);
}

type Fact = readonly [path: string, value: string];

const valuesFrom = (filled: Filled, from: Answer['from']): readonly Fact[] =>
  fieldNames
    .filter((name) => filled[name].from === from && isWritten(name, filled))
    .map((name) => [pathOf(name, filled.workload.value), filled[name].value]);

function tellValues(out: Out, title: string, facts: readonly Fact[]): void {
  if (facts.length === 0) return;
  out.line(`\n${out.dress.strong(title)}`);
  out.line(factsText(facts, out.dress));
}

function tellLeft(out: Out, left: readonly Left[], warnings: readonly string[]): void {
  if (left.length > 0) {
    out.line(
      `\n${out.dress.warn('Left to fill in')}: examples stand there, of which config check warns until they are yours`,
    );
    out.line(
      factsText(
        left.map(({ path, where }) => [path, where]),
        out.dress,
      ),
    );
  }
  // Those about examples say the same again, in one line each.
  const others = warnings.filter((warning) => !isAboutExamples(warning));
  if (others.length === 0) return;
  out.line(`\n${out.dress.warn('Warnings of config check')}: allowed, and dangerous`);
  for (const warning of others) out.line(`- ${warning}`);
}

/** A word that a shell takes as it is. */
const PLAIN_WORD = /^[\w./-]+$/;

const nextOf = (file: string): readonly string[] => {
  const word = PLAIN_WORD.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
  return [
    `npx pilotlight config check ${word}`,
    `npm run drill -- --fast --config ${word}`,
    `npx cdk deploy --all --context config=${word}`,
  ];
};
