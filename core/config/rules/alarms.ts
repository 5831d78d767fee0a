import { danger, type CommonRule, type Rule } from './subject.ts';

/* The alarms of CloudWatch that a site has already. */

/** An event of an alarm says nothing of workloads, so it must be clear whose run it starts. */
export const checkOwnAlarms: CommonRule = ({ workloads }, report) => {
  const owners = new Map<string, string>();
  for (const [id, { detection }] of Object.entries(workloads)) {
    const named = new Set<string>();
    detection?.alarms.forEach(({ region, name, use }, index) => {
      const path = `workloads.${id}.detection.alarms.${index}`;
      const key = `${region} ${name}`;
      if (named.has(key)) report(path, `got "${name}" in ${region} twice, expected each alarm once`);
      named.add(key);
      if (!use.includes('trigger')) return;
      const owner = owners.get(key);
      if (owner !== undefined && owner !== id) {
        report(
          `${path}.use`,
          `got a trigger that is one of workload ${owner} too, expected signal alone: one alarm starts the run of one workload`,
        );
      }
      owners.set(key, owner ?? id);
    });
  }
};

/** An alarm in the Region that dies is silent on the day, whatever it is called. */
export const warnOwnAlarms: Rule = ({ workload: { primary, detection }, report }) => {
  const region = primary?.region;
  const alarms = detection?.alarms ?? [];
  if (region === undefined || alarms.length === 0) return;
  if (alarms.some((alarm) => alarm.region !== region)) return;
  report(
    'detection.alarms',
    danger(
      alarms.map(({ name }) => `"${name}"`).join(', '),
      `all live in ${region}, so none rings when the whole Region dies`,
      'one in another Region beside them; those of Pilotlight ring in any case',
    ),
  );
};
