import type { Config, Workload } from '../schema.ts';
import { danger, type CommonRule, type Rule } from './subject.ts';

/* Values that documentation uses, ours too: left in place, they lead nowhere. */

/** Accounts of AWS's own documentation. */
const DOCUMENTATION_ACCOUNT =
  /^(?:111122223333|123456789012|444455556666|777788889999|987654321098|999999999999)$/;
/** Names that nobody can have. Source: RFC 2606. */
const DOCUMENTATION_NAME = /(?:^|[@./])example(?:\.(?:com|net|org))?$/;
/** UUIDs as documentation writes them: blocks of one digit, counting up, or AWS's and Microsoft's own. */
const DOCUMENTATION_UUID = /^(?:([0-9a-f])\1{7}-|12345678-|01234567-|a1b2c3d4-|aaaabbbb-|deadbeef-)/i;
const DOCUMENTATION_ID = /EXAMPLE/;

type Field = readonly [path: string, value: string | undefined, pattern: RegExp];

const namesOf = (fields: readonly Field[]): string =>
  fields
    .filter(([, value, pattern]) => value !== undefined && pattern.test(value))
    .map(([path]) => path)
    .join(', ');

const EXAMPLE_LEFT =
  'these are values of a documentation, which nobody can have, so nothing is there on the day';

/** One warning for everything that was left as the example has it. */
export const warnControllerExamples: CommonRule = ({ controller }, report) => {
  const found = namesOf(controllerFields(controller));
  if (found !== '') report('controller', danger(`an example in ${found}`, EXAMPLE_LEFT, 'your own'));
};

const controllerFields = (controller: Partial<Config['controller']>): readonly Field[] => [
  ['account', controller.account, DOCUMENTATION_ACCOUNT],
  ...(controller.onCall ?? []).map((address, index): Field => [
    `onCall.${index}`,
    address,
    DOCUMENTATION_NAME,
  ]),
];

export const warnExamples: Rule = ({ id, workload, report }) => {
  const found = namesOf(workloadFields(workload));
  if (found === '') return;
  report('', danger(`an example in ${found}`, EXAMPLE_LEFT, `your own, in every field of workload ${id}`));
};

function workloadFields({ url, primary, standby, maintenance, edge }: Partial<Workload>): readonly Field[] {
  const host = url === undefined ? undefined : new URL(url).hostname;
  const store = edge?.keyValueStoreArn?.split('/')[1];
  return [
    ['url', host, DOCUMENTATION_NAME],
    ['primary.domainName', primary?.domainName, DOCUMENTATION_NAME],
    ['standby.domainName', standby?.domainName, DOCUMENTATION_NAME],
    ['maintenance.domainName', maintenance?.domainName, DOCUMENTATION_NAME],
    ['standby.azure.tenantId', standby?.azure.tenantId, DOCUMENTATION_UUID],
    ['standby.azure.subscriptionId', standby?.azure.subscriptionId, DOCUMENTATION_UUID],
    ['standby.azure.clientId', standby?.azure.clientId, DOCUMENTATION_UUID],
    ['edge.distributionId', edge?.distributionId, DOCUMENTATION_ID],
    ['edge.keyValueStoreArn', store, DOCUMENTATION_UUID],
    ['edge.stack.hostedZone.id', edge?.stack?.hostedZone.id, DOCUMENTATION_ID],
    ['edge.stack.hostedZone.name', edge?.stack?.hostedZone.name, DOCUMENTATION_NAME],
  ];
}
