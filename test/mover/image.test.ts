import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../pipelines/helpers/script-bench.ts';

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
const dockerfile = read('mover/Dockerfile');
const workflow = parse(read('.github/workflows/mover-image.yml'), { merge: true }) as {
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

describe('the image of the mover', () => {
  it('is built upon images that are named by their digests', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1] ?? '');
    expect(bases).toHaveLength(3);
    for (const base of bases.filter((one) => one !== 'scratch'))
      expect(base).toMatch(/^docker\.io\/library\/\w+@sha256:(?!0{64})[0-9a-f]{64}$/);
  });

  it('has the same MySQL as the client that waits for the data', () => {
    const digest = /mysql@(sha256:[0-9a-f]{64})/.exec(dockerfile)?.[1] ?? 'none';
    expect(read('k8s/overlays/azure/kustomization.yaml')).toContain(`digest: ${digest}`);
  });

  it('runs as the user that pod and unit name, and not as root', () => {
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
    expect(read('k8s/restore/deployment.yaml')).toContain('runAsUser: 10001');
    expect(read('terraform/modules/backup-instance/files/mover.sh')).toContain('--user 10001:10001');
  });

  it.each(['k8s/restore/deployment.yaml', 'terraform/modules/backup-instance/files/mover.sh'])(
    'has the certificates that %s names',
    (file) => {
      const named = /--ssl-ca (\S+)/.exec(read(file))?.[1] ?? 'none';
      expect(named).toMatch(
        /^\/(?:etc\/ssl\/certs\/ca-certificates\.crt|usr\/local\/share\/pilotlight\/rds-ca\.pem)$/,
      );
      expect(dockerfile).toContain(named);
      expect(read('scripts/smoke-test-mover-image.sh')).toContain(named);
    },
  );

  it('fetches nothing in the clear', () => {
    expect(dockerfile).not.toMatch(/http:\/\//);
    for (const match of dockerfile.matchAll(/curl [^&]*/g)) expect(match[0]).toContain("--proto '=https'");
  });
});

describe('the workflow of the image', () => {
  it('names every action by a commit', () => {
    const used = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap((step) => step.uses ?? []));
    expect(used).toHaveLength(11);
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

  it('pushes by digest, for both architectures, with where it came from and what is in it', () => {
    const push = workflow.jobs.push.steps.find((step) => step.with?.['outputs'] !== undefined)?.with;
    expect(push).toMatchObject({ platforms: 'linux/amd64,linux/arm64', provenance: 'mode=max', sbom: true });
    expect(push?.['outputs']).toContain('push-by-digest=true');
    expect(push).not.toHaveProperty('tags');
  });

  it('looks at what it built, and at what it pushed', () => {
    for (const job of Object.values(workflow.jobs))
      expect(job.steps.some((step) => step.run?.includes('scripts/smoke-test-mover-image.sh'))).toBe(true);
  });
});
