import { azureStandbyOf } from '../../standby/tier.ts';
import { WORKLOAD_ID } from '../schema.ts';
import { danger, type CommonRule, type Rule, type Subject } from './subject.ts';

/* Names, ids and texts: what must differ, what cannot be anybody's, and what a page is known by. */

export const checkIds: CommonRule = ({ workloads }, report) => {
  for (const id of Object.keys(workloads)) {
    if (WORKLOAD_ID.test(id)) continue;
    report(
      'workloads',
      `got the id "${id}", expected 2 to 12 of a-z and 0-9, first a letter: Azure takes no other in its names`,
    );
  }
};

export function checkNames({ workload, report }: Subject): void {
  const seen = new Map<string, string>();
  if (workload.url !== undefined) seen.set(new URL(workload.url).hostname, 'url');
  for (const origin of ['primary', 'standby', 'maintenance'] as const) {
    const domainName = workload[origin]?.domainName;
    if (domainName === undefined) continue;
    const other = seen.get(domainName);
    if (other !== undefined) {
      report(`${origin}.domainName`, `got "${domainName}", expected a name of its own, not that of ${other}`);
    }
    seen.set(domainName, `${origin}.domainName`);
  }
}

/** AWS's own name of a load balancer, for which nobody else gets a certificate. */
const LOAD_BALANCER_NAME = /\.elb\.(?:[a-z0-9-]+\.)?amazonaws\.com$/;

/** CloudFront and the probes speak https to the primary and want a certificate for the name that they ask. */
export function checkPrimaryName({ workload: { primary }, report }: Subject): void {
  if (primary === undefined || !LOAD_BALANCER_NAME.test(primary.domainName)) return;
  report(
    'primary.domainName',
    `got "${primary.domainName}", expected a name of yours that leads to it: ` +
      'no certificate covers the name that AWS gives a load balancer',
  );
}

/** Copied into the wrong line, one of them would be asked for a token that nobody has. */
export function checkAzureIds({ workload: { standby }, report }: Subject): void {
  const azure = standby === undefined ? null : azureStandbyOf({ standby })?.azure;
  if (azure == null) return;
  const { tenantId, subscriptionId, clientId } = azure;
  const owners = new Map<string, string>();
  for (const [field, id] of Object.entries({ tenantId, subscriptionId, clientId })) {
    const owner = owners.get(id.toLowerCase());
    if (owner === undefined) owners.set(id.toLowerCase(), field);
    else report(`standby.azure.${field}`, `got "${id}", expected another id than that of ${owner}`);
  }
}

/** A probe that finds one text must not have found the other: it would take the page for the site, or the site for the page. */
export function checkPageTexts({ workload: { maintenance, health }, report }: Subject): void {
  if (maintenance === undefined || health === undefined) return;
  const page = maintenance.contains;
  const site = health.deep.contains;
  if (!page.includes(site) && !site.includes(page)) return;
  report(
    'maintenance.contains',
    `got "${page}", expected text that neither contains health.deep.contains ("${site}") nor is a part of it: ` +
      'a probe could not tell the page from the site',
  );
}

/** Shorter text, and this, stands on pages of every kind. */
const TEXT_LENGTH_SAFE = 4;
const COMMON_TEXT =
  /^<?\/?!?(?:html|head|body|title|doctype html|ok|up|error|home|login|status|true|null)>?$/i;

export const warnPageTexts: Rule = ({ workload: { maintenance, health }, report }) => {
  const texts = {
    'maintenance.contains': maintenance?.contains,
    'health.deep.contains': health?.deep.contains,
  };
  for (const [path, text] of Object.entries(texts)) {
    if (text === undefined || (text.length >= TEXT_LENGTH_SAFE && !COMMON_TEXT.test(text))) continue;
    report(path, danger(`"${text}"`, 'an error page may have it too', 'words that only the right page has'));
  }
};

/** The page that is shown when AWS is down should not be on AWS. */
export const warnPageOnAws: Rule = ({ workload: { maintenance }, report }) => {
  if (maintenance === undefined || !/(?:^|\.)amazonaws\.com$/.test(maintenance.domainName)) return;
  report(
    'maintenance.domainName',
    danger(
      `"${maintenance.domainName}"`,
      'the page may die with the primary',
      'a static site on Azure Storage',
    ),
  );
};
