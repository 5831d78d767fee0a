import { probeTargetSchema } from '../../../core/watch/probe.ts';
import { judgeProbe } from '../../../core/watch/probe.ts';
import { edgeTarget, primaryTarget, standbyTarget } from '../../../core/watch/targets.ts';
import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { dataWithWorkload, shippedWorkload } from '../config-fixture.ts';

const workload = shippedWorkload();
/** The same site on a distribution that has no edge function. */
const moved = workloadOf(
  parseConfig(
    dataWithWorkload({
      'edge.strategy': 'distribution',
      'edge.stack': undefined,
      'edge.keyValueStoreArn': undefined,
      'limits.convergeSeconds': 600,
    }),
  ),
  'petclinic',
);

describe('the targets of probes', () => {
  it('ask the primary for what the configuration names, where its deep page is not for everybody', () => {
    const door = { path: '/actuator/health/deep' };
    const target = primaryTarget({ ...workload, health: { ...workload.health, door } });
    expect(target.url).toBe('https://alb.petclinic.example.com/actuator/health/deep');
    expect(target).not.toHaveProperty('contains');
  });

  it('ask the primary itself, past the edge, for a page that needs its database', () => {
    expect(primaryTarget(workload)).toEqual({
      about: 'primary',
      url: 'https://alb.petclinic.example.com/owners?lastName=',
      status: 200,
      contains: 'Owners',
      timeoutMs: 3000,
    });
  });

  it('ask the standby for a page that needs its database, whatever the route says', () => {
    expect(standbyTarget(workload)).toEqual({
      about: 'standby',
      url: 'https://petclinic.example.com/__pilotlight/standby/owners?lastName=',
      status: 200,
      contains: 'Owners',
      timeoutMs: 3000,
    });
  });

  it.each(['primary', 'standby'] as const)(
    'ask through the edge as a user does, for an answer of the %s',
    (origin) => {
      expect(edgeTarget(workload, origin)).toEqual({
        about: 'edge',
        url: 'https://petclinic.example.com/owners?lastName=',
        status: 200,
        contains: 'Owners',
        timeoutMs: 3000,
        ...(origin === 'primary' ? { identifies: 'primary', page: 'We will be back shortly' } : {}),
      });
    },
  );

  it('take a good answer that names no origin for the primary, and never for the standby', () => {
    const unnamed = { status: 200, originHeader: null, body: 'Owners' };
    expect(judgeProbe(edgeTarget(workload, 'primary'), unnamed).origin).toBe('primary');
    expect(judgeProbe(edgeTarget(workload, 'standby'), unnamed).origin).toBeNull();
    const standby = { ...unnamed, originHeader: 'standby' };
    expect(judgeProbe(edgeTarget(workload, 'primary'), standby).origin).toBe('standby');
  });

  it('know the shield by its status and its text, where the edge function sets the status', () => {
    expect(edgeTarget(workload, 'maintenance')).toEqual({
      about: 'edge',
      url: 'https://petclinic.example.com/owners?lastName=',
      status: 503,
      contains: 'We will be back shortly',
      timeoutMs: 3000,
    });
  });

  it('know the shield of a distribution without a function by its text alone, whatever its status', () => {
    expect(edgeTarget(moved, 'maintenance')).toEqual({
      about: 'edge',
      url: 'https://petclinic.example.com/owners?lastName=',
      contains: 'We will be back shortly',
      identifies: 'maintenance',
      timeoutMs: 3000,
    });
  });

  it.each(['primary', 'standby'] as const)(
    'ask through a distribution without a function for the same answer of the %s',
    (origin) => {
      expect(edgeTarget(moved, origin)).toEqual(edgeTarget(workload, origin));
    },
  );

  it('are all what a probe takes', () => {
    for (const target of [
      primaryTarget(workload),
      standbyTarget(workload),
      edgeTarget(workload, 'maintenance'),
      edgeTarget(moved, 'maintenance'),
      edgeTarget(moved, 'standby'),
    ]) {
      expect(probeTargetSchema.safeParse(target).success).toBe(true);
    }
  });
});
