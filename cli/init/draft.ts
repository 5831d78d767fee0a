import { regionBesides, suggestDisplayName, suggestId, suggestPlaces } from '../../core/config/suggest.ts';
import { NONE, type FieldName } from './fields.ts';

/** A value and who says so: a flag or an answer, AWS, a guess that may well be right, or nobody (an example). */
export interface Answer {
  readonly value: string;
  readonly from: 'you' | 'aws' | 'guess' | 'example';
}

/** What is known so far. */
export type Draft = Readonly<Partial<Record<FieldName, Answer>>>;
/** A value for everything. */
export type Filled = Readonly<Record<FieldName, Answer>>;

/** The values of a list; people write it with commas. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The host of the site; empty where the URL is none. */
export const hostOf = (url: string): string => URL.parse(url)?.hostname ?? '';

const guess = (value: string): Answer => ({ value, from: 'guess' });
const example = (value: string): Answer => ({ value, from: 'example' });

/**
 * Values of documentation, which nobody can have: `config check` warns of each, so that none is forgotten. The example
 * that is shipped has the same kinds.
 */
const EXAMPLES = {
  account: '111122223333',
  'on-call': 'on-call@example.com',
  distribution: 'E2EXAMPLE1SITE',
  'load-balancer': 'app/example/0123456789abcdef',
  'target-group': 'targetgroup/example/0123456789abcdef',
  'deep-text': 'EXAMPLE: words of that page',
  'tenant-id': '11111111-2222-4333-8444-555555555555',
  'subscription-id': '22222222-3333-4444-8555-666666666666',
  'client-id': '33333333-4444-4555-8666-777777777777',
  organization: 'example',
  'pipeline-id': '2147483647',
} as const;
const STORE_EXAMPLE = 'a1b2c3d4-5678-4abc-8def-1234567890ab';

/** Fills what is missing: by guesses from what is known, and by examples where nobody could say it. */
export function fill(draft: Draft): Filled {
  const url = draft.url ?? example('https://www.example.com');
  const host = hostOf(url.value);
  const workload = draft.workload ?? guess(suggestId(host));
  const places = placesOf(draft);
  const owner = accountOfStore(draft);
  const account = draft.account ?? (owner === null ? example(EXAMPLES.account) : guess(owner));
  const store = `arn:aws:cloudfront::${accountOf(account.value)}:key-value-store/${STORE_EXAMPLE}`;
  const defaults: Record<FieldName, Answer> = {
    ...(Object.fromEntries(Object.entries(EXAMPLES).map(([name, value]) => [name, example(value)])) as Record<
      keyof typeof EXAMPLES,
      Answer
    >),
    ...places,
    ...namesOf(draft, host),
    url,
    workload,
    account,
    'display-name': guess(suggestDisplayName(host) || 'Site'),
    strategy: guess('key-value'),
    'key-value-store': example(store),
    'health-path': guess('/'),
    'deep-path': guess('/'),
    tier: guess('cold'),
    'mysql-server': example(`mysql-${workload.value}-example`),
    project: guess('pilotlight'),
    'maintenance-text': guess('We will be back shortly'),
    runner: guess('azure-devops'),
    'data-account': needsAccount(draft) ? example(`st${accountPart(workload.value)}example`) : guess(''),
    ...(draft['primary-region']?.value === NONE ? { 'load-balancer': guess(NONE) } : {}),
  };
  return { ...defaults, ...draft };
}

/** A stopped database takes no replication, and a container tells its stages through a storage account. */
const needsAccount = ({ tier, runner }: Draft): boolean =>
  tier?.value === 'parked' || (runner !== undefined && runner.value !== 'azure-devops');

/** What a storage account can have of the id of a workload, whatever is wrong with that. */
const accountPart = (workload: string): string => workload.replaceAll(/[^a-z0-9]/g, '').slice(0, 12);

/** A store is in the account of its controller, so it says which one that is. */
export const accountOfStore = (draft: Draft): string | null =>
  /^arn:aws:cloudfront::(\d{12}):/.exec(draft['key-value-store']?.value ?? '')?.[1] ?? null;

/** An example of a store must be in the account, whatever is wrong with that. */
const accountOf = (account: string): string => (/^\d{12}$/.test(account) ? account : EXAMPLES.account);

/** Regions that go together. The primary's is an example where nobody has said it. */
function placesOf(draft: Draft): Record<'region' | 'probe-regions' | 'primary-region', Answer> {
  const given = listOf(draft['probe-regions']?.value ?? '');
  const controller = draft.region?.value;
  const primary =
    draft['primary-region'] ??
    example(regionBesides([...given, ...(controller === undefined ? [] : [controller])]));
  // A controller beside the given places would share their faults.
  const free = suggestPlaces(primary.value, controller);
  const beside = given.includes(free.controller) && controller === undefined;
  const region = beside ? regionBesides([...given, primary.value, 'us-east-1']) : free.controller;
  return { region: guess(region), 'probe-regions': guess(free.probes.join(', ')), 'primary-region': primary };
}

type NamedField = 'primary-domain' | 'standby-domain' | 'maintenance-domain';
const NAMED = {
  'primary-domain': 'alb',
  'standby-domain': 'standby',
  'maintenance-domain': 'maintenance',
} as const;

/** Names of documentation for the three origins; no two fields may have the same one. */
function namesOf(draft: Draft, host: string): Record<NamedField, Answer> {
  const taken = [host, ...(Object.keys(NAMED) as NamedField[]).map((name) => draft[name]?.value)];
  const free = (label: string): Answer =>
    example(taken.includes(`${label}.example.com`) ? `${label}-origin.example.com` : `${label}.example.com`);
  return {
    'primary-domain': free(NAMED['primary-domain']),
    'standby-domain': free(NAMED['standby-domain']),
    'maintenance-domain': free(NAMED['maintenance-domain']),
  };
}
