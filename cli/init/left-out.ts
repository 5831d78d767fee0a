import { fieldNames, fields, NONE, type FieldName } from './fields.ts';
import type { Draft, Filled } from './draft.ts';

/* Which fields a configuration does not have: what a primary or a standby of another kind needs. */

/** What only a standby in Azure has. */
const OF_AZURE: readonly FieldName[] = [
  'tenant-id',
  'subscription-id',
  'client-id',
  'mysql-server',
  'runner',
  'organization',
  'project',
  'pipeline-id',
  'data-account',
];
const OF_DEVOPS: readonly FieldName[] = ['organization', 'project', 'pipeline-id'];
const OF_BALANCER: readonly FieldName[] = ['load-balancer', 'target-group'];

export const isExternal = ({ tier }: Draft): boolean => tier?.value === 'external';
export const hasDevOps = ({ runner }: Draft): boolean => runner?.value !== 'container-job';
export const hasBalancer = (draft: Draft): boolean => draft['load-balancer']?.value !== NONE;

/** Whether a field stands in the file. */
export function isWritten(name: FieldName, filled: Filled): boolean {
  if (OF_DEVOPS.includes(name)) return !isExternal(filled) && hasDevOps(filled);
  if (OF_AZURE.includes(name)) return !isExternal(filled);
  if (OF_BALANCER.includes(name)) return hasBalancer(filled);
  if (name === 'primary-region') return filled[name].value !== NONE;
  return name !== 'key-value-store' || filled.strategy.value === 'key-value';
}

/** What was given and has no place in a configuration of this kind, with what would have one. */
export const misplacedIn = (draft: Draft): string[] => {
  const given = (names: readonly FieldName[]) => names.filter((name) => draft[name]?.from === 'you');
  const told = (name: FieldName, why: string): string =>
    `--${name}: got "${draft[name]?.value ?? ''}", expected nothing with ${why}`;
  if (isExternal(draft)) {
    const why =
      '--tier external: nothing of that standby is in Azure. Leave it out, or take --tier cold, parked or warm';
    return given(OF_AZURE).map((name) => told(name, why));
  }
  if (hasDevOps(draft)) return [];
  const why = '--runner container-job, which needs no Azure DevOps. Leave it out, or take --runner both';
  return given(OF_DEVOPS).map((name) => told(name, why));
};

/** Where an external standby, and the page beside it, are found. */
const OUTSIDE: Readonly<Partial<Record<FieldName, string>>> = {
  'standby-domain': 'the name of your second origin, which speaks HTTPS and whose certificate covers it',
  'maintenance-domain':
    'the name of a static site of yours with a page /maintenance.html, not where the primary is',
};

/** Where the value of a field is found by whoever does not know it. */
export const whereOf = (name: FieldName, filled: Filled): string | undefined =>
  (isExternal(filled) ? OUTSIDE[name] : undefined) ?? fields[name].where;

/** The fields that a person has to put a value of their own into. */
export const leftOf = (filled: Filled): FieldName[] =>
  fieldNames.filter((name) => filled[name].from === 'example' && isWritten(name, filled));
