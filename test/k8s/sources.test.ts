import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { find, k8s, sources, type Manifest } from './manifests.ts';

const folders = ['base', 'overlays/aws', 'overlays/azure', 'restore'];
const read = (file: string): string => readFileSync(join(k8s, file), 'utf8');
const kustomization = (folder: string): Record<string, unknown> =>
  parse(read(`${folder}/kustomization.yaml`)) as Record<string, unknown>;
const base = sources('base');

/** These run everywhere: they need no kustomize, only the files. rendering.test.ts checks what comes out. */
describe('the manifests as they are written', () => {
  it.each(folders)('%s names exactly the files that it holds', (folder) => {
    const { resources, patches, replacements } = kustomization(folder) as {
      resources: string[];
      patches?: { path: string }[];
      replacements?: { path: string }[];
    };
    const named = [
      ...resources,
      ...(patches ?? []).map((one) => one.path),
      ...(replacements ?? []).map((one) => one.path),
    ];
    const local = named.filter((name) => !name.startsWith('..'));
    for (const name of local) expect(read(`${folder}/${name}`)).not.toBe('');
    expect(sources(folder).length).toBeGreaterThanOrEqual(local.length - 1);
  });

  it.each(folders.slice(1))('%s fills every setting from its settings.env, and none twice', (folder) => {
    const names = read(`${folder}/settings.env`)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        expect(line).toMatch(/^[a-zA-Z]+=unset$/);
        return line.slice(0, line.indexOf('='));
      });
    const used = (parse(read(`${folder}/replacements.yaml`)) as { source: { fieldPath: string } }[]).map(
      (one) => one.source.fieldPath.replace('data.', ''),
    );
    expect([...used].sort()).toEqual([...names].sort());
  });

  it.each(folders)('%s holds no Secret, no password and no address', (folder) => {
    for (const one of sources(folder)) {
      expect(one.kind).not.toBe('Secret');
      expect(JSON.stringify(one)).not.toMatch(
        /"[^"]*(?:\d{1,3}\.){3}\d{1,3}[^"]*"|secretKeyRef|secretGenerator|stringData/,
      );
    }
    expect(kustomization(folder)).not.toHaveProperty('secretGenerator');
  });

  it('says in one place which image the application is, by digest, for both clouds', () => {
    const [image] = kustomization('base')['images'] as { name: string; digest: string }[];
    expect(image?.name).toBe('petclinic');
    expect(image?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    for (const folder of ['overlays/aws', 'overlays/azure']) {
      const others = (kustomization(folder)['images'] ?? []) as { name: string }[];
      expect(others.map((one) => one.name)).not.toContain('petclinic');
    }
  });

  it.each([
    ['overlays/azure', 'mysql'],
    ['restore', 'mover'],
  ])('in %s says by digest which %s runs', (folder, name) => {
    const images = kustomization(folder)['images'] as { name: string }[];
    expect(images).toEqual([
      expect.objectContaining({ name, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown }),
    ]);
  });

  it('lets the autoscaler alone say how many pods there are', () => {
    expect(find(base, 'Deployment', 'petclinic')['spec']).not.toHaveProperty('replicas');
    expect(find(base, 'HorizontalPodAutoscaler', 'petclinic')['spec']).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'petclinic' },
      minReplicas: 2,
      maxReplicas: 10,
    });
  });

  it('forbids all traffic first, and then allows what it needs', () => {
    expect(find(base, 'NetworkPolicy', 'deny-all')['spec']).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    const { egress } = find(base, 'NetworkPolicy', 'petclinic')['spec'] as {
      egress: { ports: { port: number }[] }[];
    };
    expect(egress.flatMap((rule) => rule.ports.map((one) => one.port))).toEqual([3306, 53, 53]);
  });

  it('is refused by the cluster itself when a pod asks for more than it may', () => {
    const namespaces: Manifest[] = [
      find(base, 'Namespace', 'petclinic'),
      find(sources('restore'), 'Namespace', 'pilotlight-restore'),
    ];
    for (const one of namespaces) {
      expect(one.metadata).toMatchObject({ labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } });
    }
  });
});
