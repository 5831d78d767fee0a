import { find, kustomize, render, type Manifest } from './manifests.ts';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env: { readonly name: string; readonly value: string }[];
  readonly resources: { readonly requests: object; readonly limits: object };
  readonly securityContext: object;
  readonly [field: string]: unknown;
}
interface PodSpec {
  readonly containers: Container[];
  readonly initContainers?: Container[];
  readonly [field: string]: unknown;
}

const common = {
  databaseUrl: 'jdbc:mysql://db.example.com:3306/petclinic',
  databaseUser: 'petclinic_app',
  databaseCidr: '10.0.1.0/24',
  ingressCidr: '10.0.2.0/24',
};
const identity = { keyVaultName: 'kv-1', tenantId: 'tenant-1', workloadClientId: 'client-1' };
const aws = {
  ...common,
  awsRegion: 'eu-west-1',
  targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/p/1',
};
const azure = { ...common, ...identity, databaseHost: 'db.example.com', loadBalancerIp: '10.0.3.10' };
const restore = {
  ...identity,
  administratorUser: 'pilotlight',
  backup: 'newest',
  correlationId: 'exec-41',
  dataAccount: 'stpetclinicdata1',
  databaseCidr: '10.0.1.0/24',
  databaseHost: 'db.example.com',
  databaseUser: 'petclinic_app',
  replaceData: 'false',
  workload: 'petclinic',
};

const podOf = (one: Manifest): PodSpec => (one['spec'] as { template: { spec: PodSpec } }).template.spec;
const valueOf = (container: Container | undefined, name: string): string | undefined =>
  container?.env.find((one) => one.name === name)?.value;

const title = 'the manifests as kustomize renders them';
(kustomize === undefined ? describe.skip : describe)(
  kustomize === undefined ? `${title} [skipped: neither kustomize nor kubectl is installed]` : title,
  () => {
    let rendered: Record<'aws' | 'azure' | 'restore', Manifest[]>;
    beforeAll(() => {
      rendered = {
        aws: render('overlays/aws', aws),
        azure: render('overlays/azure', azure),
        restore: render('restore', restore),
      };
    });
    const application = (cloud: 'aws' | 'azure'): Container | undefined =>
      podOf(find(rendered[cloud], 'Deployment', 'petclinic')).containers[0];

    it('leaves nothing unset, and sends the cluster no settings map', () => {
      const { aws: onAws, azure: onAzure, restore: forRestore } = rendered;
      expect([onAws.length, onAzure.length, forRestore.length]).toEqual([10, 9, 5]);
      for (const one of [...onAws, ...onAzure, ...forRestore]) {
        expect(one.metadata.name).not.toBe('settings');
        // The image is set with the first release; until then render-manifests.sh refuses it.
        expect(JSON.stringify(one).replace('unset.invalid/petclinic', '')).not.toMatch(/"unset"/);
      }
    });

    it('runs the same bytes on both sides', () => {
      expect(application('aws')?.image).toMatch(/@sha256:[0-9a-f]{64}$/);
      expect(application('azure')?.image).toBe(application('aws')?.image);
    });

    it('lets each side say who it is', () => {
      expect(valueOf(application('aws'), 'INFO_PILOTLIGHT_ORIGIN')).toBe('primary');
      expect(valueOf(application('azure'), 'INFO_PILOTLIGHT_ORIGIN')).toBe('standby');
      for (const cloud of ['aws', 'azure'] as const) {
        expect(valueOf(application(cloud), 'MANAGEMENT_INFO_ENV_ENABLED')).toBe('true');
        expect(valueOf(application(cloud), 'SPRING_SQL_INIT_MODE')).toBe('never');
        expect(valueOf(application(cloud), 'SPRING_JPA_HIBERNATE_DDL_AUTO')).toBe('none');
        expect(valueOf(application(cloud), 'MYSQL_URL')).toBe('jdbc:mysql://db.example.com:3306/petclinic');
      }
    });

    it('asks the application how it is, by its own health groups', () => {
      for (const cloud of ['aws', 'azure'] as const) {
        expect(application(cloud)).toMatchObject({
          startupProbe: { httpGet: { path: '/actuator/health/liveness', port: 'http' } },
          readinessProbe: { httpGet: { path: '/actuator/health/readiness', port: 'http' } },
          livenessProbe: { httpGet: { path: '/actuator/health/liveness', port: 'http' } },
        });
      }
    });

    it('gives no container root, a writable root, a privilege or an unbounded appetite', () => {
      const pods = [
        podOf(find(rendered.aws, 'Deployment', 'petclinic')),
        podOf(find(rendered.azure, 'Deployment', 'petclinic')),
        podOf(find(rendered.restore, 'Deployment', 'mover')),
      ];
      for (const pod of pods) {
        expect(pod).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            seccompProfile: { type: 'RuntimeDefault' },
          },
        });
        for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
          expect(container.securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          expect(container.resources.requests).toMatchObject({
            cpu: expect.anything() as unknown,
            memory: expect.anything() as unknown,
          });
          expect(container.resources.limits).toMatchObject({
            cpu: expect.anything() as unknown,
            memory: expect.anything() as unknown,
          });
          expect(container.image).toMatch(/@sha256:[0-9a-f]{64}$/);
        }
      }
    });

    it('takes the password from the cloud’s vault as a file, under the same name on both sides', () => {
      const provider = (cloud: 'aws' | 'azure') =>
        find(rendered[cloud], 'SecretProviderClass', 'petclinic')['spec'];
      expect(provider('aws')).toMatchObject({ provider: 'aws', parameters: { region: 'eu-west-1' } });
      expect(provider('azure')).toMatchObject({
        provider: 'azure',
        parameters: { clientID: 'client-1', keyvaultName: 'kv-1', tenantId: 'tenant-1' },
      });
      for (const cloud of ['aws', 'azure'] as const) {
        expect(JSON.stringify(provider(cloud))).toContain('objectAlias: MYSQL_PASS');
        expect(valueOf(application(cloud), 'MYSQL_PASS')).toBeUndefined();
        expect(application(cloud)?.['volumeMounts']).toContainEqual({
          name: 'secrets',
          mountPath: '/mnt/secrets',
          readOnly: true,
        });
      }
    });

    it('stands on Azure behind an internal load balancer at the address that it was given', () => {
      const service = find(rendered.azure, 'Service', 'petclinic');
      expect(service.metadata.annotations).toEqual({
        'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
        'service.beta.kubernetes.io/azure-load-balancer-ipv4': '10.0.3.10',
      });
      expect(service['spec']).toMatchObject({
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        ports: [{ port: 80 }],
      });
    });

    it('stands on AWS in the target group that it was given, and makes no load balancer', () => {
      expect(find(rendered.aws, 'TargetGroupBinding', 'petclinic')['spec']).toMatchObject({
        targetGroupARN: aws.targetGroupArn,
        targetType: 'ip',
        serviceRef: { name: 'petclinic', port: 'http' },
      });
      expect(find(rendered.aws, 'Service', 'petclinic')['spec']).toMatchObject({ type: 'ClusterIP' });
    });

    it('lets in the gateway alone, out to the database and the name service alone', () => {
      for (const cloud of ['aws', 'azure'] as const) {
        expect(find(rendered[cloud], 'NetworkPolicy', 'petclinic')['spec']).toMatchObject({
          ingress: [{ from: [{ ipBlock: { cidr: '10.0.2.0/24' } }] }],
          egress: [
            { to: [{ ipBlock: { cidr: '10.0.1.0/24' } }], ports: [{ port: 3306 }] },
            { to: [{ podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }] },
          ],
        });
      }
    });

    it('selects, spreads, counts and protects the same pods by one label', () => {
      const label = { 'app.kubernetes.io/name': 'petclinic' };
      for (const cloud of ['aws', 'azure'] as const) {
        const deployment = find(rendered[cloud], 'Deployment', 'petclinic')['spec'] as {
          selector: object;
          template: { metadata: object };
        };
        expect(deployment.selector).toEqual({ matchLabels: label });
        expect(deployment.template.metadata).toMatchObject({ labels: label });
        expect(find(rendered[cloud], 'Service', 'petclinic')['spec']).toMatchObject({ selector: label });
        expect(find(rendered[cloud], 'PodDisruptionBudget', 'petclinic')['spec']).toMatchObject({
          maxUnavailable: 1,
          selector: { matchLabels: label },
        });
        expect(
          podOf(find(rendered[cloud], 'Deployment', 'petclinic'))['topologySpreadConstraints'],
        ).toMatchObject([
          { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1, labelSelector: { matchLabels: label } },
          { topologyKey: 'kubernetes.io/hostname', maxSkew: 1, labelSelector: { matchLabels: label } },
        ]);
      }
    });

    it('keeps the standby’s application waiting until its data are whole, and the primary’s not at all', () => {
      const standby = podOf(find(rendered.azure, 'Deployment', 'petclinic'));
      expect(standby.initContainers?.map((one) => one.name)).toEqual(['wait-for-data']);
      expect(valueOf(standby.initContainers?.[0], 'DATABASE_HOST')).toBe('db.example.com');
      expect(find(rendered.azure, 'Deployment', 'petclinic')['spec']).toMatchObject({
        progressDeadlineSeconds: 4200,
      });
      expect(podOf(find(rendered.aws, 'Deployment', 'petclinic')).initContainers).toBeUndefined();
    });

    it('runs one mover and never two, which stays, and which is ready when it says so itself', () => {
      const mover = find(rendered.restore, 'Deployment', 'mover');
      expect(mover['spec']).toMatchObject({
        replicas: 1,
        strategy: { type: 'Recreate' },
        template: {
          metadata: {
            annotations: { 'pilotlight/correlation-id': 'exec-41' },
            labels: { 'azure.workload.identity/use': 'true' },
          },
        },
      });
      expect(podOf(mover)['serviceAccountName']).toBe('restore');
      const [wait] = podOf(mover).initContainers ?? [];
      expect(wait?.image).toBe(podOf(mover).containers[0]?.image);
      expect([valueOf(wait, 'DATABASE_HOST'), valueOf(wait, 'ADMINISTRATOR_USER')]).toEqual([
        ...['db.example.com', 'pilotlight'],
      ]);
      expect(podOf(mover).containers[0]).toMatchObject({
        readinessProbe: { exec: { command: ['/usr/bin/test', '-f', '/work/ready'] } },
        terminationMessagePolicy: 'FallbackToLogsOnError',
      });
      expect(podOf(mover)['volumes']).toMatchObject([
        { name: 'tmp', emptyDir: { medium: 'Memory' } },
        { name: 'work', emptyDir: { sizeLimit: '8Gi' } },
        { name: 'secrets', csi: { readOnly: true } },
      ]);
      expect(find(rendered.restore, 'ServiceAccount', 'restore').metadata.annotations).toEqual({
        'azure.workload.identity/client-id': 'client-1',
        'azure.workload.identity/tenant-id': 'tenant-1',
      });
    });

    it('lets the mover out to the database, to the store and Entra ID, and to the name service alone', () => {
      expect(find(rendered.restore, 'NetworkPolicy', 'restore')['spec']).toEqual({
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          { to: [{ ipBlock: { cidr: '10.0.1.0/24' } }], ports: [{ protocol: 'TCP', port: 3306 }] },
          { ports: [{ protocol: 'TCP', port: 443 }] },
          {
            to: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
                podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
              },
            ],
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
        ],
      });
    });
  },
);
