import { didYouMean } from '../nearest.ts';

/** Where a Region is: places far from each other do not share their networks. */
export type Continent =
  'Africa' | 'Asia and the Pacific' | 'Europe' | 'Middle East' | 'North America' | 'South America';

export interface AwsRegion {
  readonly name: string;
  /** AWS's own name of it. */
  readonly place: string;
  /** Off in an account until somebody turns it on. */
  readonly optIn: boolean;
}

const region = (name: string, place: string): AwsRegion => ({ name, place, optIn: false });
const optIn = (name: string, place: string): AwsRegion => ({ name, place, optIn: true });

/**
 * The Regions of the partition `aws`. Source: the partition table of the AWS SDK for JavaScript (`@aws-sdk/core`, 3.981.0),
 * with which a test compares it; which of them an account has from its beginning: AWS Account Management Reference Guide,
 * "Enable or disable AWS Regions in your account" (those launched before 20 March 2019, and Osaka).
 */
export const awsRegions: readonly AwsRegion[] = [
  optIn('af-south-1', 'Cape Town'),
  optIn('ap-east-1', 'Hong Kong'),
  optIn('ap-east-2', 'Taipei'),
  region('ap-northeast-1', 'Tokyo'),
  region('ap-northeast-2', 'Seoul'),
  region('ap-northeast-3', 'Osaka'),
  region('ap-south-1', 'Mumbai'),
  optIn('ap-south-2', 'Hyderabad'),
  region('ap-southeast-1', 'Singapore'),
  region('ap-southeast-2', 'Sydney'),
  optIn('ap-southeast-3', 'Jakarta'),
  optIn('ap-southeast-4', 'Melbourne'),
  optIn('ap-southeast-5', 'Malaysia'),
  optIn('ap-southeast-6', 'New Zealand'),
  optIn('ap-southeast-7', 'Thailand'),
  region('ca-central-1', 'Central Canada'),
  optIn('ca-west-1', 'Calgary'),
  region('eu-central-1', 'Frankfurt'),
  optIn('eu-central-2', 'Zurich'),
  region('eu-north-1', 'Stockholm'),
  optIn('eu-south-1', 'Milan'),
  optIn('eu-south-2', 'Spain'),
  region('eu-west-1', 'Ireland'),
  region('eu-west-2', 'London'),
  region('eu-west-3', 'Paris'),
  optIn('il-central-1', 'Tel Aviv'),
  optIn('me-central-1', 'UAE'),
  optIn('me-south-1', 'Bahrain'),
  optIn('me-west-1', 'Saudi Arabia'),
  optIn('mx-central-1', 'Mexico'),
  region('sa-east-1', 'Sao Paulo'),
  optIn('sa-west-1', 'Chile'),
  region('us-east-1', 'N. Virginia'),
  region('us-east-2', 'Ohio'),
  region('us-west-1', 'N. California'),
  region('us-west-2', 'Oregon'),
];

export const regionNames: readonly string[] = awsRegions.map(({ name }) => name);

export const isOptIn = (name: string): boolean =>
  awsRegions.some((known) => known.name === name && known.optIn);

const CONTINENTS: Readonly<Record<string, Continent>> = {
  af: 'Africa',
  ap: 'Asia and the Pacific',
  ca: 'North America',
  eu: 'Europe',
  il: 'Middle East',
  me: 'Middle East',
  mx: 'North America',
  sa: 'South America',
  us: 'North America',
};

/** The continent of a Region of `awsRegions`; null for any other name. */
export const continentOf = (name: string): Continent | null =>
  regionNames.includes(name) ? (CONTINENTS[name.slice(0, 2)] ?? null) : null;

/** Regions of the other partitions: China, GovCloud, the sovereign cloud of Europe and the isolated ones. */
const OTHER_PARTITION = /^(?:cn|us-gov|eusc|us-iso[a-z]?|eu-isoe)-/;

/** What a name that is no Region of ours should have been; what was meant, where that can be told. */
export function expectedRegion(got: unknown): string {
  if (typeof got !== 'string') return 'an AWS Region such as ap-northeast-2';
  if (OTHER_PARTITION.test(got)) {
    return 'a Region of the partition aws: accounts and ARNs of China, GovCloud and the other partitions are apart from it';
  }
  const meant = awsRegions.filter(({ place }) => place.toLowerCase() === got.toLowerCase());
  const [first] = meant;
  const hint = first === undefined ? didYouMean(got, regionNames) : `; did you mean "${first.name}"?`;
  return `an AWS Region such as ap-northeast-2${hint}`;
}
