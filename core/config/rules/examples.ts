import { azureStandbyOf } from '../../standby/tier.ts';
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
/** Ids of load balancers and target groups: those of AWS's own documentation, and one that only counts up. */
const DOCUMENTATION_BALANCER = /\/(?:50dc6c495c0c9188|73e2d6bc24d8a067|0123456789abcdef)$/;
/** A name that `pilotlight init` has written where nobody could say one. */
const UNSAID_NAME = /^(?:.*-)?example$/;

/** The same of a storage account, whose name takes no hyphen. */
const UNSAID_ACCOUNT = /^st[a-z0-9]+example$/;

type Field = readonly [path: string, value: string | undefined, pattern: RegExp];

const namesOf = (fields: readonly Field[]): string =>
  fields
    .filter(([, value, pattern]) => value !== undefined && pattern.test(value))
    .map(([path]) => path)
    .join(', ');

const EXAMPLE_LEFT =
  'these are values of a documentation, which nobody can have, so nothing is there on the day';

/** The largest number that fits, which no pipeline has got to. */
const UNSAID_NUMBER = /^2147483647$/;

const EXAMPLE_IN = 'an example in';

/** Whether a warning is about made-up values, for whoever has told of them already. */
export const isAboutExamples = (warning: string): boolean => warning.includes(`got ${EXAMPLE_IN} `);

/** One warning for everything that was left as the example has it. */
export const warnControllerExamples: CommonRule = ({ controller }, report) => {
  const found = namesOf(controllerFields(controller));
  if (found !== '') report('controller', danger(`${EXAMPLE_IN} ${found}`, EXAMPLE_LEFT, 'your own'));
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
  report('', danger(`${EXAMPLE_IN} ${found}`, EXAMPLE_LEFT, `your own, in every field of workload ${id}`));
};

function workloadFields(workload: Partial<Workload>): readonly Field[] {
  const { url, primary, standby, maintenance, edge, health, data } = workload;
  const account = data !== undefined && 'account' in data ? data.account : undefined;
  const { azure, pipeline, containerJob } =
    (standby === undefined ? null : azureStandbyOf({ standby })) ?? {};
  const host = url === undefined ? undefined : new URL(url).hostname;
  const store = edge?.keyValueStoreArn?.split('/')[1];
  return [
    ['url', host, DOCUMENTATION_NAME],
    ['primary.domainName', primary?.domainName, DOCUMENTATION_NAME],
    ['primary.loadBalancer', primary?.loadBalancer, DOCUMENTATION_BALANCER],
    ['primary.targetGroup', primary?.targetGroup, DOCUMENTATION_BALANCER],
    ['standby.domainName', standby?.domainName, DOCUMENTATION_NAME],
    ['maintenance.domainName', maintenance?.domainName, DOCUMENTATION_NAME],
    ['standby.azure.tenantId', azure?.tenantId, DOCUMENTATION_UUID],
    ['standby.azure.subscriptionId', azure?.subscriptionId, DOCUMENTATION_UUID],
    ['standby.azure.clientId', azure?.clientId, DOCUMENTATION_UUID],
    ['standby.azure.mysqlServer', azure?.mysqlServer, UNSAID_NAME],
    ['standby.pipeline.organization', pipeline?.organization, UNSAID_NAME],
    ['standby.pipeline.pipelineId', pipeline?.pipelineId.toString(), UNSAID_NUMBER],
    ['standby.containerJob.storageAccount', containerJob?.storageAccount, UNSAID_ACCOUNT],
    ['data.account', account, UNSAID_ACCOUNT],
    ['edge.distributionId', edge?.distributionId, DOCUMENTATION_ID],
    ['edge.keyValueStoreArn', store, DOCUMENTATION_UUID],
    ['edge.stack.hostedZone.id', edge?.stack?.hostedZone.id, DOCUMENTATION_ID],
    ['edge.stack.hostedZone.name', edge?.stack?.hostedZone.name, DOCUMENTATION_NAME],
    ['health.deep.contains', health?.deep.contains, DOCUMENTATION_ID],
  ];
}
