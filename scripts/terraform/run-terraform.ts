import { spawn } from 'node:child_process';
import path from 'node:path';

/** How one step of the check ended. A skip names what could not be run, and why; it is never silent. */
export type StepResult =
  | { readonly step: string; readonly result: 'passed'; readonly detail: string }
  | { readonly step: string; readonly result: 'failed'; readonly detail: string }
  | { readonly step: string; readonly result: 'skipped'; readonly detail: string };

export interface CommandResult {
  /** Exit code; null where the program could not be started. */
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** Runs terraform with these arguments in this folder. */
type RunTerraform = (args: readonly string[], cwd: string) => Promise<CommandResult>;

/** The real terraform on the PATH. */
export const runTerraform: RunTerraform = (args, cwd) =>
  new Promise((resolve, reject) => {
    const child = spawn('terraform', args, {
      cwd,
      // Nothing may wait for a person, and nobody outside need know that this runs.
      env: { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ code: null, output: 'terraform is not on the PATH' });
      else reject(error);
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });

/** What init says when nothing answered; a registry that answers "no such version" is a mistake of ours instead. */
const UNREACHABLE = [
  /could not connect to registry\.terraform\.io/i,
  /failed to request discovery document/i,
  /failed to retrieve authentication checksums/i,
  /could not query provider registry[\s\S]*(dial tcp|connection refused|no such host|timeout|forbidden|proxyconnect)/i,
  /error while installing [\s\S]*(dial tcp|connection refused|no such host|timeout|forbidden|proxyconnect)/i,
];

/** Terraform breaks long lines with a margin of box drawing; a sentence is looked for in one piece. */
function unwrap(output: string): string {
  return output.replace(/[│╷╵]/g, ' ').replace(/\s+/g, ' ');
}

/** True if init failed only because the provider could not be had. */
export function isUnreachable(output: string): boolean {
  const text = unwrap(output);
  return UNREACHABLE.some((pattern) => pattern.test(text));
}

interface TerraformPlan {
  /** A copy of terraform/ that may be written to. */
  readonly root: string;
  /** Folders below it to initialise and validate. */
  readonly folders: readonly string[];
  /** Those among them that have tests. */
  readonly tested: ReadonlySet<string>;
  readonly run: RunTerraform;
  /** Told of each step as it ends. */
  readonly onStep: (result: StepResult) => void;
}

/** Formats, initialises, validates and tests. Returns every step, in order. */
export async function checkWithTerraform(plan: TerraformPlan): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const report = (step: string, result: StepResult['result'], detail: string): void => {
    const ended: StepResult = { step, result, detail };
    results.push(ended);
    plan.onStep(ended);
  };
  const version = await plan.run(['version'], plan.root);
  if (version.code === null) {
    report('terraform fmt, init, validate, test', 'skipped', version.output);
    return results;
  }
  const format = await plan.run(['fmt', '-check', '-diff', '-recursive'], plan.root);
  report('terraform fmt -check -recursive', format.code === 0 ? 'passed' : 'failed', format.output.trim());
  for (const folder of plan.folders) await checkFolder(plan, folder, report);
  return results;
}

type Report = (step: string, result: StepResult['result'], detail: string) => void;

async function checkFolder(plan: TerraformPlan, folder: string, report: Report): Promise<void> {
  const cwd = path.join(plan.root, folder);
  const steps = plan.tested.has(folder) ? ['validate', 'test'] : ['validate'];
  const init = await plan.run(['init', '-backend=false', '-no-color', '-input=false'], cwd);
  if (init.code !== 0) {
    const unreachable = isUnreachable(init.output);
    const what = unreachable ? `init, ${steps.join(', ')} in ${folder}` : `init in ${folder}`;
    const why = unreachable ? 'the provider could not be had: no registry answered' : init.output.trim();
    report(`terraform ${what}`, unreachable ? 'skipped' : 'failed', why);
    return;
  }
  for (const step of steps) {
    const { code, output } = await plan.run([step, '-no-color'], cwd);
    // Of a passed test the last line is enough: how many runs there were.
    const detail = code === 0 ? (output.trim().split('\n').at(-1) ?? '') : output.trim();
    report(`terraform ${step} in ${folder}`, code === 0 ? 'passed' : 'failed', detail);
    if (code !== 0) return;
  }
}
