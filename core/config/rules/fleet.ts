import type { CommonRule, ReadableConfig } from './subject.ts';

/* What workloads have to do with each other. */

/** Who depends on somebody must find them, and nobody may wait for themselves, by any way. */
export const checkDependencies: CommonRule = ({ workloads }, report) => {
  for (const [id, { dependsOn = [] }] of Object.entries(workloads)) {
    dependsOn.forEach((other, index) => {
      const path = `workloads.${id}.dependsOn.${index}`;
      if (!Object.hasOwn(workloads, other)) {
        report(path, `got "${other}", expected one of ${Object.keys(workloads).join(', ')}`);
      } else if (dependsOn.indexOf(other) < index) {
        report(path, `got "${other}" twice, expected each workload once`);
      } else if (other === id || leadsTo(workloads, other, id)) {
        report(path, `got "${other}", which waits for ${id} itself: each would wait for the other`);
      }
    });
  }
};

/** Whether a workload depends on another one, by however many steps. */
function leadsTo(workloads: ReadableConfig['workloads'], from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id) || !Object.hasOwn(workloads, id)) continue;
    seen.add(id);
    open.push(...(workloads[id]?.dependsOn ?? []));
  }
  return false;
}
