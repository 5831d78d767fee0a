import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../pipelines/helpers/script-bench.ts';

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
const dockerfile = read('runner/Dockerfile');
const requirements = read('runner/requirements.txt').split('\n');
const workflow = parse(read('.github/workflows/runner-image.yml')) as {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      'build' | 'push',
      {
        readonly if?: string;
        readonly permissions?: object;
        readonly steps: readonly {
          readonly uses?: string;
          readonly with?: Readonly<Record<string, unknown>>;
          readonly run?: string;
        }[];
      }
    >
  >;
};

describe('the image of the runner', () => {
  it('is built upon the very image that the mover takes its Node from, by its digest', () => {
    const [base] = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1] ?? '');
    expect(base).toMatch(/^docker\.io\/library\/node@sha256:(?!0{64})[0-9a-f]{64}$/);
    expect(read('mover/Dockerfile')).toContain(`FROM ${base} AS node`);
  });

  it('has each part of the Azure CLI by one digest, and takes no other', () => {
    const packages = requirements.filter((line) => line !== '' && !line.startsWith('#'));
    expect(packages.length).toBeGreaterThan(100);
    for (const line of packages) expect(line).toMatch(/^[\w.-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}$/);
    expect(packages.some((line) => line.startsWith('azure-cli=='))).toBe(true);
    expect(dockerfile).toContain('--require-hashes');
  });

  it('has the Terraform that the pipeline installs, and kubectl and kubelogin by their digests', () => {
    expect(dockerfile).toContain('pipelines/scripts/install-terraform.sh');
    expect(dockerfile).toMatch(/^ARG KUBECTL_SHA256=(?!0{64})[0-9a-f]{64}$/m);
    expect(dockerfile).toMatch(/^ARG KUBELOGIN_SHA256=(?!0{64})[0-9a-f]{64}$/m);
    expect(dockerfile).toContain('sha256sum --check --strict');
  });

  it('has the provider inside, and asks no registry for one', () => {
    expect(dockerfile).toContain('providers mirror -platform=linux_amd64 /opt/terraform-providers');
    expect(read('runner/terraform.rc')).toContain('path = "/opt/terraform-providers"');
    expect(read('runner/terraform.rc')).not.toMatch(/direct|network_mirror/);
  });

  it('runs the script of the stages, not as root', () => {
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
    expect(dockerfile).toContain('ENTRYPOINT ["/opt/pilotlight/pipelines/scripts/run-job.sh"]');
  });

  it('fetches nothing in the clear, and takes of the repository only what it needs', () => {
    expect(dockerfile).not.toMatch(/http:\/\//);
    for (const match of dockerfile.matchAll(/curl --[^&]*/g)) expect(match[0]).toContain("--proto '=https'");
    const [everything, ...taken] = read('runner/Dockerfile.dockerignore').trim().split('\n');
    expect(everything).toBe('*');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(\S+)/gm)].map((match) => match[1] ?? '');
    for (const file of copied) expect(taken).toContain(`!${file}`);
  });
});

describe('the workflow of the image of the runner', () => {
  it('names every action by a commit', () => {
    const used = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap((step) => step.uses ?? []));
    expect(used).toHaveLength(7);
    for (const one of used) expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it('may write packages only where it pushes, and pushes from main alone', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.jobs.build.permissions).toBeUndefined();
    expect(workflow.jobs.push.permissions).toEqual({ contents: 'read', packages: 'write' });
    expect(workflow.jobs.push.if).toBe(
      "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'",
    );
  });

  it('pushes by digest, with where it came from and what is in it, and looks at what it pushed', () => {
    const push = workflow.jobs.push.steps.find((step) => step.with?.['outputs'] !== undefined)?.with;
    expect(push).toMatchObject({ platforms: 'linux/amd64', provenance: 'mode=max', sbom: true });
    expect(push?.['outputs']).toContain('push-by-digest=true');
    expect(push).not.toHaveProperty('tags');
    for (const job of Object.values(workflow.jobs))
      expect(job.steps.some((step) => step.run?.includes('scripts/smoke-test-runner-image.sh'))).toBe(true);
  });
});
