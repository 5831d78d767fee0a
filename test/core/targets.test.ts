import { probeTargetSchema } from '../../core/probe.ts';
import { edgeTarget, primaryTarget, standbyTarget } from '../../core/targets.ts';
import { shippedWorkload } from './config-fixture.ts';

const workload = shippedWorkload();

describe('the targets of probes', () => {
  it('ask the primary itself, past the edge', () => {
    expect(primaryTarget(workload)).toEqual({
      about: 'primary',
      url: 'https://alb.petclinic.example.com/actuator/health',
      status: 200,
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
      });
    },
  );

  it('know the shield by its status and its text', () => {
    expect(edgeTarget(workload, 'maintenance')).toMatchObject({
      status: 503,
      contains: 'We will be back shortly',
    });
  });

  it('are all what a probe takes', () => {
    for (const target of [
      primaryTarget(workload),
      standbyTarget(workload),
      edgeTarget(workload, 'maintenance'),
    ]) {
      expect(probeTargetSchema.safeParse(target).success).toBe(true);
    }
  });
});
