import { continentOf, isOptIn, regionNames } from './regions.ts';

/* What a first configuration says where nobody has said anything: guesses from a host name and from a Region. */

/** Longest id of a workload (WORKLOAD_ID). */
const ID_LENGTH_MAX = 12;
const ID_LENGTH_MIN = 2;
/** Labels that say nothing about a site. */
const COMMON_LABEL = /^(?:www\d*|web|app|site)$/;

/** The label of a host name that people would call the site by. */
function tellingLabel(host: string): string {
  const labels = host.split('.').slice(0, -1);
  return labels.find((label) => !COMMON_LABEL.test(label)) ?? labels[0] ?? '';
}

/** An id for the workload of a host name: 2 to 12 of a-z and 0-9, first a letter; `site` where the name has no such part. */
export function suggestId(host: string): string {
  const id = tellingLabel(host)
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/^\d+/, '')
    .slice(0, ID_LENGTH_MAX);
  return id.length < ID_LENGTH_MIN ? 'site' : id;
}

/** What people may call the site of a host name. */
export function suggestDisplayName(host: string): string {
  const label = tellingLabel(host);
  return label === '' ? host : `${label.slice(0, 1).toUpperCase()}${label.slice(1)}`;
}

/**
 * Regions by their continent, in the order in which they are suggested. Every account has them, and none is us-east-1:
 * the control planes of CloudFront, IAM and Route 53 are there.
 */
const SUGGESTED: readonly (readonly string[])[] = [
  ['ap-northeast-1', 'ap-southeast-1', 'ap-northeast-2', 'ap-southeast-2'],
  ['us-west-2', 'us-east-2', 'ca-central-1'],
  ['eu-central-1', 'eu-west-1', 'eu-west-3'],
];

/** Where a controller is looked for whose primary is on a continent of which no Region is suggested. */
const NEAR: Readonly<Record<string, string>> = {
  Africa: 'Europe',
  'Middle East': 'Europe',
  'South America': 'North America',
};

/** Where Pilotlight may run. */
export interface Places {
  readonly controller: string;
  readonly probes: readonly string[];
}

/**
 * Regions for the controller and for three places on three continents: none is the primary's, none is named twice, and
 * every account has them from its beginning.
 * @param controller the Region of the controller, where somebody has said it.
 */
export function suggestPlaces(primary: string, controller?: string): Places {
  const home = continentOf(primary) ?? '';
  const near = NEAR[home] ?? home;
  const rows = [...SUGGESTED].sort((left, right) => Number(isOn(right, near)) - Number(isOn(left, near)));
  const chosen = controller ?? rows.flat().find((name) => name !== primary) ?? '';
  const free = (name: string): boolean => name !== primary && name !== chosen;
  const probes = SUGGESTED.map((row) => row.find(free)).filter((name) => name !== undefined);
  return { controller: chosen, probes };
}

const isOn = (row: readonly string[], continent: string): boolean => continentOf(row[0] ?? '') === continent;

/** A Region that every account has and that is none of these. */
export const regionBesides = (taken: readonly string[]): string =>
  regionNames.find((name) => !isOptIn(name) && !taken.includes(name)) ?? '';

/** How many signals, kinds and places an outage takes. */
export interface Quorum {
  readonly signals: number;
  readonly kinds: number;
  readonly places: number;
}

/** The careful choice of docs/config.md, "How to choose the quorum". */
export const suggestQuorum = (places: number): Quorum =>
  places <= 3 ? { signals: 4, kinds: 2, places: 2 } : { signals: 6, kinds: 2, places: 3 };
