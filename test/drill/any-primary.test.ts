import type { Config } from '../../core/config/schema.ts';
import { runScenario, shipped } from './fixture.ts';

/*
 * Goal: a primary that is no ALB is detected, confirmed and failed over as one that is: what only an ALB has is not missed.
 */

type Primary = Config['workloads'][string]['primary'];

const configWith = (change: (primary: Primary) => Primary): Config => {
  const config = shipped();
  const { petclinic } = config.workloads;
  return { ...config, workloads: { petclinic: { ...petclinic!, primary: change(petclinic!.primary) } } };
};
const inAws = ({ region, domainName }: Primary): Primary =>
  region === undefined ? { domainName } : { region, domainName };
const elsewhere = ({ domainName }: Primary): Primary => ({ domainName });

describe('a primary without a load balancer', () => {
  it.each([
    ['region-outage-warm', 'in AWS', inAws],
    ['region-outage-warm', 'in another cloud', elsewhere],
    ['external', 'in another cloud', elsewhere],
    ['database-dies', 'in another cloud', elsewhere],
  ])(
    'is failed over in %s, %s',
    async (name, _where, change) => {
      const { report, unexpected } = await runScenario(name, 1, { config: configWith(change) });
      const broken = report.rules.filter(({ held }) => !held);
      expect({ outcome: report.outcome, unexpected, broken }).toEqual({
        outcome: 'FailedOver',
        unexpected: [],
        broken: [],
      });
      expect(report.timeline.filter(({ event }) => event.includes('-alb-'))).toEqual([]);
    },
    60_000,
  );
});
