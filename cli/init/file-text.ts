import { parse } from 'yaml';
import type { ExistingAlarm } from '../../core/config/discovery.ts';
import type { Origins } from '../../core/config/suggest-edge.ts';
import { suggestQuorum } from '../../core/config/suggest.ts';
import { originIds } from '../../core/route/route.ts';
import { listOf, type Filled } from './draft.ts';
import { fields, NONE, type FieldName } from './fields.ts';
import { hasBalancer, hasDevOps, isExternal, whereOf } from './left-out.ts';

/** What was found beside the values themselves. */
export interface Findings {
  /** null where the distribution is not known. */
  readonly origins: Origins | null;
  /** The alarms that watch the load balancer already; null where nobody could look. */
  readonly alarms: readonly ExistingAlarm[] | null;
}

export const NOTHING_FOUND: Findings = { origins: null, alarms: null };

/** Letters that mean nothing to YAML wherever they stand; what they spell may still be a number or null. */
const PLAIN = /^[\w/](?:[\w./@:?=&+ -]*[\w/])?$/;

/** A text as YAML, on one line whatever it holds. */
function scalar(text: string): string {
  if (PLAIN.test(text) && !text.includes(': ') && parse(text) === text) return text;
  return /\p{C}|\p{Zl}|\p{Zp}/u.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}

const listText = (text: string): string => `[${listOf(text).map(scalar).join(', ')}]`;
const numberText = (text: string): string => (/^\d{1,15}$/.test(text) ? text : scalar(text));

type Write = (name: FieldName, asText?: (text: string) => string) => string;

/** A field with its key, and before it where to find its value as long as it is an example. */
function writerOf(filled: Filled, indent: number): Write {
  const space = ' '.repeat(indent);
  return (name, asText = scalar) => {
    const { value, from } = filled[name];
    const { path } = fields[name];
    const where = whereOf(name, filled);
    const hint = from === 'example' && where !== undefined ? `${space}# An example. Yours: ${where}.\n` : '';
    return `${hint}${space}${path.split('.').at(-1) ?? ''}: ${asText(value)}`;
  };
}

/** The whole of a configuration file, with its comments. */
export function fileText(filled: Filled, findings: Findings): string {
  return `${[
    head(filled),
    controllerText(filled),
    workloadHead(filled),
    primaryText(filled),
    standbyText(filled),
    edgeText(filled, findings),
    healthText(filled, findings),
    dataText(filled),
    policyText(filled),
  ].join('\n\n')}\n`;
}

const head = (filled: Filled): string => `# yaml-language-server: $schema=./pilotlight.schema.json
#
# The configuration of Pilotlight for ${filled.url.value.replaceAll(/\s/g, ' ')}, begun by \`pilotlight init\`.
# docs/config.md explains every field; one that is left out has the default that pilotlight.schema.json names.
#
# "An example" marks what nobody could say yet: \`pilotlight config check\` warns of it until it is yours.
#
#   npm run drill -- --fast --config FILE     a failover of this very configuration, simulated

version: 1`;

function controllerText(filled: Filled): string {
  const write = writerOf(filled, 2);
  return `# Where Pilotlight itself runs. Never in a Region that it protects: it must not die with its patient.
controller:
${write('account')}
${write('region')}
  # Where probes are sent from: far from each other, so that no network that fails blinds all of them.
${write('probe-regions', listText)}
  # Told how every run ended. Each address must confirm its SNS subscription once.
${write('on-call', listText)}`;
}

function workloadHead(filled: Filled): string {
  const write = writerOf(filled, 4);
  return `# One entry for each protected web application. The key names its alarms and its records, so it never changes.
workloads:
  ${scalar(filled.workload.value)}:
${write('display-name')}
    # The site as its users see it, through CloudFront.
${write('url')}`;
}

function primaryText(filled: Filled): string {
  const write = writerOf(filled, 6);
  const region =
    filled['primary-region'].value === NONE
      ? '      # It is not in AWS, so it has no region here.'
      : write('primary-region');
  const balancer = hasBalancer(filled)
    ? `
      # The ends of two ARNs, as CloudWatch wants them: the alarms watch these two.
${write('load-balancer')}
${write('target-group')}`
    : '';
  return `    # Where the site lives on a good day${hasBalancer(filled) ? ': an Application Load Balancer' : ''}.
    primary:
${region}
      # A name of yours that leads to it, and that its certificate covers: CloudFront and the probes insist on both.
${write('primary-domain')}${balancer}`;
}

function externalText(filled: Filled): string {
  const write = writerOf(filled, 6);
  return `    # Where it goes: an origin that is somebody else's, and always on. It is looked at, and users are moved.
    standby:
${write('standby-domain')}
      # Nothing of it is in Azure, and nothing of it is started. docs/config.md has the tiers that are.
${write('tier')}

    # The honest page that users see between the two: /maintenance.html of a static site. Not where the primary is.
    maintenance:
${write('maintenance-domain')}
      # Text of that page, by which a probe knows it from an error page.
${write('maintenance-text')}`;
}

function standbyText(filled: Filled): string {
  if (isExternal(filled)) return externalText(filled);
  const write = writerOf(filled, 6);
  const inside = writerOf(filled, 8);
  const workload = filled.workload.value;
  return `    # Where it goes: an Azure Application Gateway in front of AKS and MySQL. docs/azure-setup.md leads through it.
    standby:
${write('standby-domain')}
      # cold: everything is built on the day. parked: it is there and stopped, and is woken. warm: it is there and small.
${write('tier')}
      warmNodeCount: 3
      azure:
${inside('tenant-id')}
${inside('subscription-id')}
        # The user-assigned identity that trusts the controller's IAM role; there is no Azure secret to keep.
${inside('client-id')}
        # These four are the names that terraform/azure/always gives for this workload.
        resourceGroup: ${scalar(`rg-${workload}-standby`)}
        applicationGateway: ${scalar(`agw-${workload}`)}
        aksCluster: ${scalar(`aks-${workload}`)}
        aksNodePool: workload
${inside('mysql-server')}
      # What applies the failover Terraform: azure-devops, container-job, or both.
${write('runner')}${runnersText(filled)}

    # The honest page that users see between the two. It is on Azure, so that it does not die with AWS.
    maintenance:
${write('maintenance-domain')}
      # Text of that page, by which a probe knows it from an error page.
${write('maintenance-text')}`;
}

/** The runners that are used, each with its part. */
function runnersText(filled: Filled): string {
  const inside = writerOf(filled, 8);
  const workload = filled.workload.value;
  const devOps = `
      # The Azure DevOps pipeline.
      pipeline:
${inside('organization')}
${inside('project')}
${inside('pipeline-id', numberText)}`;
  // Its names are those that terraform/azure/always gives for this workload.
  const job = `
      # The Azure Container Apps job.
      containerJob:
        resourceGroup: ${scalar(`rg-${workload}-pilot`)}
        name: ${scalar(`job-${workload}-runner`)}
        storageAccount: ${scalar(filled['data-account'].value)}`;
  return `${hasDevOps(filled) ? devOps : ''}${filled.runner.value === 'azure-devops' ? '' : job}`;
}

/** The distribution as one's own; how Pilotlight would make it stands there as a comment. */
function edgeText(filled: Filled, { origins }: Findings): string {
  const write = writerOf(filled, 6);
  const begin = `    # The CloudFront distribution in front of all three, and how it is moved: docs/bring-your-own-distribution.md.
    edge:
${write('strategy')}
${write('distribution')}`;
  if (filled.strategy.value === 'distribution') {
    const ids = originIds.map((id) => `        ${id}: ${scalar(origins?.[id]?.id ?? id)}`);
    return `${begin}\n      # Which of its origins is which. All three must be in the distribution before the day.\n      originIds:\n${ids.join('\n')}`;
  }
  const store = `${begin}
      # The store of the route: empty, and of this workload alone.
${write('key-value-store')}`;
  if (filled.distribution.from !== 'example') return store;
  return `${store}
      # Without a distribution of your own Pilotlight makes it, with this part and as docs/edge.md says:
      # stack:
      #   hostedZone:
      #     id: Z0EXAMPLE1ZONE
      #     name: example.com
      #   originSecretName: pilotlight/origin-secret`;
}

function healthText(filled: Filled, { alarms }: Findings): string {
  const write = writerOf(filled, 6);
  const inside = writerOf(filled, 8);
  return `    # How one asks whether the application is well.
    health:
${write('health-path')}
      # A page that needs the database, and text that only a good answer has: a process that is up is not yet a site.
      deep:
${inside('deep-path')}
${inside('deep-text')}

    # When Pilotlight's own alarms ring. An alarm only starts a run; the quorum below decides whether it is an outage.
    detection:
      edgeErrorPercent: 25${hasBalancer(filled) ? '\n      loadBalancerErrors: 10' : ''}${alarmsText(alarms, filled['primary-region'].value)}`;
}

/** Without an account nothing is shipped, and the file says how that is changed. */
function dataText(filled: Filled): string {
  const write = writerOf(filled, 6);
  const about =
    '    # How the data get to the standby, and how much may be lost: docs/config.md.\n    data:\n';
  if (isExternal(filled)) {
    return `${about}      # The site brings its data over by its own means, or has none to lose.
      mode: none
      # Without an address that tells how far the standby is behind, nobody knows what a failover would lose:
      # probe:
      #   url: https://${filled['standby-domain'].value}/lag`;
  }
  return filled['data-account'].value === ''
    ? `${about}      # With none, and no probe, nobody knows what a failover would lose. The others: dump, ship.\n      mode: none`
    : `${about}      mode: ship\n${write('data-account')}`;
}

/** As many as a workload may name. */
const ALARMS_SHOWN_MAX = 20;

/** Inside of `detection`: what is uncommented there is right as it stands. */
function alarmsText(alarms: Findings['alarms'], region: string): string {
  // Those of an earlier Pilotlight are no alarms of the site's own.
  const own = (alarms ?? []).filter(({ name }) => !name.startsWith('pilotlight'));
  if (own.length === 0) return '';
  const shown = own.slice(0, ALARMS_SHOWN_MAX);
  const more = own.length - shown.length;
  // A name may hold anything; as JSON it is one line, and YAML too.
  const lines = shown.map(
    ({ name, metric }) =>
      `#   - { region: ${region}, name: ${JSON.stringify(name)} } # ${metric ?? 'an expression'}`,
  );
  const all = [
    '# Alarms that watch this load balancer already. Uncomment those that shall start a run and count as signals,',
    "# beside Pilotlight's own. All of them live in the Region that may die.",
    '# alarms:',
    ...lines,
    ...(more > 0 ? [`#   and ${more} more`] : []),
  ];
  return `\n${all.map((line) => `      ${line.replaceAll(/[\r\n]/g, ' ')}`).join('\n')}`;
}

function policyText(filled: Filled): string {
  const places = listOf(filled['probe-regions'].value).length;
  const { signals, kinds, places: needed } = suggestQuorum(places);
  const slow =
    filled.strategy.value === 'distribution'
      ? '\n\n    limits:\n      # An update of a distribution takes minutes until every edge location has it.\n      convergeSeconds: 600'
      : '';
  return `    policy:
      # An outage is confirmed when so many independent signals say so; one broken source must never be enough.
      confirm:
        quorum:
          signals: ${signals}
          kinds: ${kinds}
          places: ${needed}
      # Nobody has to approve a failover. docs/config.md says how to ask people first.
      approval:
        mode: none${slow}`;
}
