import { danger, type Rule } from './subject.ts';

/* What cannot go with a standby that is somebody else's. */

/** Nothing of an external standby is ours to start, so nothing can be started early, late, or beside a degraded primary. */
export const checkExternalStart: Rule = ({ workload: { standby, policy }, report }) => {
  if (standby?.tier !== 'external' || policy === undefined) return;
  if (policy.startStandby !== 'on-confirmation') {
    report(
      'policy.startStandby',
      `got "${policy.startStandby}", expected "on-confirmation" with tier external: there is nothing to start. ` +
        'The standby is looked at while people are asked, and nobody is moved without them',
    );
  }
  if (policy.degraded.prepare) {
    report(
      'policy.degraded.prepare',
      'got true, expected false with tier external: there is nothing to prepare. policy.degraded.then alone decides',
    );
  }
};

/** Dumps and the log go by way of a storage account in Azure, and onto a database there. */
export const checkExternalData: Rule = ({ workload: { standby, data }, report }) => {
  if (standby?.tier !== 'external' || data === undefined || data.mode === 'none') return;
  report(
    'data.mode',
    `got "${data.mode}", expected "none" with tier external: dumps and log are kept in Azure and loaded there. ` +
      'Bring the data over by your own means, and name in data.probe an address that tells how far they are behind',
  );
};

/** A probe that finds one text must not have found the other. */
export const checkExternalTexts: Rule = ({ workload: { standby, maintenance }, report }) => {
  if (standby?.tier !== 'external' || standby.deep === undefined || maintenance === undefined) return;
  const page = maintenance.contains;
  const site = standby.deep.contains;
  if (!page.includes(site) && !site.includes(page)) return;
  report(
    'standby.deep.contains',
    `got "${site}", expected text that neither contains maintenance.contains ("${page}") nor is a part of it: ` +
      'a probe could not tell the page from the standby',
  );
};

/** AWS's names for what it runs: `NAME.SERVICE.REGION.amazonaws.com`, or `on.aws`. */
const AWS_NAME = /\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com|on\.aws)$/;

/** The Region that one of AWS's own names is in; null for every other name. */
export const regionOfAwsName = (domainName: string): string | null =>
  AWS_NAME.exec(domainName)?.groups?.['region'] ?? null;

/** A standby that dies with the primary is none. */
export const warnExternalPlace: Rule = ({ workload: { standby, primary }, report }) => {
  if (standby?.tier !== 'external' || primary?.region === undefined) return;
  if (regionOfAwsName(standby.domainName) !== primary.region) return;
  report(
    'standby.domainName',
    danger(
      `"${standby.domainName}"`,
      'it is in the Region of the primary, so both are gone on the same day',
      'a standby in another Region, or with another provider',
    ),
  );
};
