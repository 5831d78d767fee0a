import type { Discovery, DistributionView, LoadBalancerView } from '../../core/config/discovery.ts';
import {
  balancerBehind,
  mainTargetGroup,
  onlyBalancer,
  originsOf,
  regionOfBalancerName,
  strategyFor,
  type Origins,
} from '../../core/config/suggest-edge.ts';
import { suggestId } from '../../core/config/suggest.ts';
import { regionOfAwsName } from '../../core/config/rules/standby.ts';
import { bounded } from '../../core/bounds.ts';
import { CloudRefused, CloudUnavailable, PilotlightError } from '../../core/errors.ts';
import { originIds } from '../../core/route/route.ts';
import { accountOfStore, hostOf } from './draft.ts';
import type { Findings } from './file-text.ts';
import type { Interview } from './interview.ts';
import { NONE } from './fields.ts';

/* Settles the fields one after the other: what an account of AWS says of one narrows where the next is looked for. */

/** Longest words of a cloud that a line repeats. */
const WORDS_LENGTH_MAX = 200;

function wordsOf(error: PilotlightError): string {
  const known = error instanceof CloudRefused || error instanceof CloudUnavailable;
  return bounded(known ? `${error.facts.call}: ${error.facts.got}` : error.message, WORDS_LENGTH_MAX);
}

/** A look-up that may be refused. @returns null where it was, after one line about it. */
type Look = <T>(what: string, call: () => Promise<T>) => Promise<T | null>;

const makeLook =
  (interview: Interview): Look =>
  async (what, call) => {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PilotlightError)) throw error;
      interview.note(`Could not look up ${what}: ${wordsOf(error)}`);
      return null;
    }
  };

/** Settles every field that is looked up or asked for. @returns what was found besides. */
export async function lookUpAndAsk(interview: Interview, discovery: Discovery): Promise<Findings> {
  const look = makeLook(interview);
  const caller = await look('the account', () => discovery.caller());
  // Without an answer to the call that needs no permission, none of the others has one.
  const asked: Look = caller === null ? () => Promise.resolve(null) : look;
  if (caller === null) interview.note('Nothing else is looked up without credentials that AWS takes.');

  const account = interview.draft().account?.value;
  if (caller !== null && account !== undefined && account !== caller.account) {
    interview.note(
      `The credentials are of account ${caller.account}: what is found is of that one, not of ${account}.`,
    );
  }
  const view = await settleSite(interview, discovery, asked);
  await interview.settle('account', {
    found: caller?.account ?? null,
    guess: accountOfStore(interview.draft()),
  });
  const origins = view === null ? null : originsOf(view);
  await settleEdge(interview, { discovery, look: asked, view, origins });
  const primary = await settlePrimary(interview, { discovery, look: asked, origins });
  await interview.settle('deep-path', { guess: '/' });
  await interview.settle('deep-text');
  await interview.settle('on-call');
  await settleStandby(interview);
  const alarms =
    primary === null
      ? null
      : await asked(`the alarms of ${primary.region}`, () =>
          discovery.alarmsOn(primary.region, primary.loadBalancer),
        );
  return { origins, alarms };
}

/** The site by its name, and the distribution that serves it; each may be found by the other. */
async function settleSite(
  interview: Interview,
  discovery: Discovery,
  look: Look,
): Promise<DistributionView | null> {
  const id = interview.draft().distribution?.value;
  const given =
    id === undefined ? null : await look(`the distribution ${id}`, () => discovery.distribution(id));
  const alias = given?.aliases.find((name) => !name.startsWith('*.'));
  const url = await interview.settle('url', { guess: alias === undefined ? null : `https://${alias}` });
  const host = hostOf(url ?? '');
  await interview.settle('workload', { guess: suggestId(host) });
  if (id !== undefined || host === '') return given;
  const found = await look('the distribution', async () => {
    const served = await discovery.distributionOf(host);
    if (served === null) interview.note(`No distribution of this account serves ${host}.`);
    return served;
  });
  const settled = await interview.settle('distribution', { found: found?.id ?? null });
  // Somebody may have named another one when asked.
  return settled === found?.id
    ? found
    : settled === null
      ? null
      : look(`the distribution ${settled}`, () => discovery.distribution(settled));
}

interface EdgeParts {
  readonly discovery: Discovery;
  readonly look: Look;
  readonly view: DistributionView | null;
  readonly origins: Origins | null;
}

async function settleEdge(interview: Interview, parts: EdgeParts): Promise<void> {
  const { discovery, look, view, origins } = parts;
  const place = view?.viewerRequest;
  const read =
    place?.kind === 'function'
      ? await look(`the store of the function ${place.name}`, async () => ({
          store: await discovery.storeOf(place.name),
        }))
      : { store: null };
  if (view === null || origins === null) return;
  const store = read?.store ?? null;
  // A function that could not be asked may well read a store.
  const strategy = read === null ? 'key-value' : strategyFor(view, store);
  const settled = await interview.settle('strategy', { guess: strategy });
  if (settled === 'key-value') {
    await interview.settle('key-value-store', { found: store });
    noteNames(interview, view, origins);
  } else if (strategy === 'distribution') {
    interview.note(
      `${view.id} has a function at the viewer request already that reads no store, so the distribution itself would be ` +
        'moved, which is slower: docs/bring-your-own-distribution.md has both ways.',
    );
  }
  const absent = originIds.filter((id) => origins[id] === null);
  if (absent.length > 0) {
    interview.note(
      `${view.id} has no origin yet that is the ${absent.join(', or the ')}: docs/bring-your-own-distribution.md says how to add it.`,
    );
  }
  await interview.settle('standby-domain', { found: origins.standby?.domainName ?? null });
  await interview.settle('maintenance-domain', { found: origins.maintenance?.domainName ?? null });
}

/** Where users go. Whoever has no Azure has no further question to answer. */
async function settleStandby(interview: Interview): Promise<void> {
  const tier = await interview.settle('tier', {
    guess: 'cold',
    question:
      'The standby: external (an HTTPS origin that is there already), or in Azure: cold (built on the day), parked (built and stopped) or warm (runs small)',
  });
  if (tier !== 'external') return;
  await interview.settle('standby-domain', { question: 'The name of that origin' });
  await interview.settle('maintenance-domain', {
    question: 'The name of a static site with the maintenance page, not where the primary is',
  });
}

/** What the owner of the distribution has to rename before the edge function can select it. */
function noteNames(interview: Interview, view: DistributionView, origins: Origins): void {
  for (const id of originIds) {
    const origin = origins[id];
    if (origin === null || origin.id === id) continue;
    interview.note(
      `The origin "${origin.id}" of ${view.id} has to be called "${id}": the edge function knows no other id.`,
    );
  }
}

interface PrimaryParts {
  readonly discovery: Discovery;
  readonly look: Look;
  readonly origins: Origins | null;
}

/** @returns where the alarms of the load balancer are; null where the load balancer is not known. */
async function settlePrimary(
  interview: Interview,
  { discovery, look, origins }: PrimaryParts,
): Promise<{ readonly region: string; readonly loadBalancer: string } | null> {
  const name = origins?.primary?.domainName ?? '';
  const region = await interview.settle('primary-region', {
    found: regionOfBalancerName(name) ?? regionOfAwsName(name),
  });
  await interview.settle('primary-domain', { found: name === '' ? null : name });
  // A name of AWS that is no load balancer's: an API Gateway, a bucket.
  const isNoBalancer = region === NONE || regionOfAwsName(name) !== null;
  const balancers =
    region === null || isNoBalancer
      ? null
      : await look(`the load balancers of ${region}`, () => discovery.loadBalancers(region));
  const dimension = isNoBalancer
    ? await interview.settle('load-balancer', { found: NONE })
    : await settleBalancer(interview, balancers, name);
  if (dimension === NONE) {
    await interview.settle('health-path', { guess: '/' });
    return null;
  }
  const balancer = balancers?.find((candidate) => candidate.dimension === dimension);
  if (region === null || balancer === undefined) {
    await interview.settle('target-group');
    await interview.settle('health-path', { guess: '/' });
    return region === null || dimension === null ? null : { region, loadBalancer: dimension };
  }
  const { arn } = balancer;
  const groups =
    (await look(`the target groups of ${balancer.dimension}`, () => discovery.targetGroups(region, arn))) ??
    [];
  const listeners =
    (await look(`the listeners of ${balancer.dimension}`, () => discovery.listeners(region, arn))) ?? [];
  const main = mainTargetGroup(groups, listeners);
  const group = await interview.settle('target-group', {
    found: main?.dimension ?? null,
    choices: groups.map((one) => ({ value: one.dimension, about: one.healthPath ?? '' })),
  });
  const healthPath = groups.find((one) => one.dimension === group)?.healthPath ?? null;
  await interview.settle('health-path', { found: healthPath, guess: '/' });
  return { region, loadBalancer: balancer.dimension };
}

function settleBalancer(
  interview: Interview,
  /** null where nobody could look. */
  balancers: readonly LoadBalancerView[] | null,
  name: string,
): Promise<string | null> {
  const facing = (balancers ?? []).filter(({ internal }) => !internal);
  const isNone = balancers !== null && facing.length === 0;
  return interview.settle('load-balancer', {
    found: balancerBehind(name, balancers ?? [])?.dimension ?? null,
    guess: isNone ? NONE : (onlyBalancer(balancers ?? [])?.dimension ?? null),
    choices: facing.map(({ dimension, dnsName }) => ({ value: dimension, about: dnsName })),
  });
}
