import { checkWithTerraform, isUnreachable } from '../../scripts/terraform/run-terraform.ts';
import type { CommandResult, StepResult } from '../../scripts/terraform/run-terraform.ts';

const NO_REGISTRY = `
Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
hashicorp/azurerm: could not connect to registry.terraform.io: failed to
request discovery document: Get
"https://registry.terraform.io/.well-known/terraform.json": dial tcp: lookup
registry.terraform.io: no such host
`;

const NO_SUCH_VERSION = `
Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
hashicorp/azurerm: no available releases match the given constraints ~> 94.0.0
`;

/** Terraform as a table: the answer to a command by its first word; what is not listed ends with success. */
async function check(
  answers: Readonly<Record<string, CommandResult>>,
  folders: readonly string[] = ['m'],
): Promise<{ results: StepResult[]; commands: string[] }> {
  const commands: string[] = [];
  const results = await checkWithTerraform({
    root: '/copy',
    folders,
    tested: new Set(['m']),
    run: (args, cwd) => {
      commands.push(`${cwd}: ${args.join(' ')}`);
      return Promise.resolve(answers[args[0] ?? ''] ?? { code: 0, output: 'fine' });
    },
    onStep: () => undefined,
  });
  return { results, commands };
}

const results = async (...args: Parameters<typeof check>): Promise<string[]> =>
  (await check(...args)).results.map(({ step, result }) => `${result}: ${step}`);

describe('the run of terraform', () => {
  it('formats once, then initialises, validates and tests each folder, without a backend', async () => {
    expect((await check({}, ['m', 'example'])).commands).toEqual([
      '/copy: version',
      '/copy: fmt -check -diff -recursive',
      '/copy/m: init -backend=false -no-color -input=false',
      '/copy/m: validate -no-color',
      '/copy/m: test -no-color',
      '/copy/example: init -backend=false -no-color -input=false',
      '/copy/example: validate -no-color',
    ]);
  });

  it('says all that could not be run where there is no terraform', async () => {
    const { results: steps, commands } = await check({
      version: { code: null, output: 'terraform is not on the PATH' },
    });
    expect(steps).toEqual([
      {
        step: 'terraform fmt, init, validate, test',
        result: 'skipped',
        detail: 'terraform is not on the PATH',
      },
    ]);
    expect(commands).toEqual(['/copy: version']);
  });

  it('skips by name what needs a provider that was not to be had, and still formats', async () => {
    expect(await results({ init: { code: 1, output: NO_REGISTRY } })).toEqual([
      'passed: terraform fmt -check -recursive',
      'skipped: terraform init, validate, test in m',
    ]);
  });

  it('fails where the registry answers that there is no such version', async () => {
    expect(await results({ init: { code: 1, output: NO_SUCH_VERSION } })).toEqual([
      'passed: terraform fmt -check -recursive',
      'failed: terraform init in m',
    ]);
  });

  it('fails on a wrong format and goes on with the rest', async () => {
    expect(await results({ fmt: { code: 3, output: 'main.tf' } })).toEqual([
      'failed: terraform fmt -check -recursive',
      'passed: terraform validate in m',
      'passed: terraform test in m',
    ]);
  });

  it('fails on an invalid folder and does not test it', async () => {
    expect(await results({ validate: { code: 1, output: 'Error: Unsupported argument' } })).toEqual([
      'passed: terraform fmt -check -recursive',
      'failed: terraform validate in m',
    ]);
  });

  it('fails on a failed test and shows all that it said', async () => {
    const { results: steps } = await check({
      test: { code: 1, output: 'run "a"... fail\n\nFailure! 0 passed, 1 failed.\n' },
    });
    expect(steps.at(-1)).toEqual({
      step: 'terraform test in m',
      result: 'failed',
      detail: 'run "a"... fail\n\nFailure! 0 passed, 1 failed.',
    });
  });
});

describe('an init that failed', () => {
  it('is told by its words to have reached nobody, also where they are broken by a margin', () => {
    expect(isUnreachable(NO_REGISTRY)).toBe(true);
    expect(isUnreachable('│ hashicorp/azurerm: could not connect to\n│ registry.terraform.io: timeout')).toBe(
      true,
    );
  });

  it('is otherwise a mistake', () => {
    expect(isUnreachable(NO_SUCH_VERSION)).toBe(false);
    expect(isUnreachable('Error: Unsupported argument')).toBe(false);
  });
});
