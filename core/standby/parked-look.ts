import type { Route } from '../route/route.ts';
import { AUTO_START_DAYS, type ParkedRecord } from './parked.ts';
import { awakeOf, isParked, powerResources, powerText, type PowerLook } from './power.ts';

/* What the standing look makes of a parked standby: whether it has a reason to be awake, and what is done where it has none. */

/** What is known when it is looked at. Milliseconds since the Unix epoch. */
export interface ParkedFacts {
  readonly look: PowerLook;
  readonly record: ParkedRecord | null;
  /** Null where it could not be read: then nothing is done. */
  readonly route: { readonly value: Route | null } | null;
  /** A run, or a person by hand, holds the workload; true where that could not be read. */
  readonly isHeld: boolean;
  readonly whenAwake: 'tell' | 'park';
  readonly now: number;
}

export type ParkedVerdict =
  /** Stopped, or on its way. */
  | { readonly kind: 'parked' }
  | { readonly kind: 'needed'; readonly why: string }
  /** A person wants it awake, and not all of it is. */
  | { readonly kind: 'wake'; readonly why: string }
  /** Somebody wants it parked, and what could not be stopped then is stopped now. */
  | { readonly kind: 'finish' }
  | { readonly kind: 'needless'; readonly since: string; readonly tell: boolean; readonly park: boolean };

/** So long a parking that was asked for is finished in silence; after it people are told that it does not work. Milliseconds. */
const FINISH_MS = 3_600_000;

/** What stands against stopping it, whoever asks. */
export function protectionOf({ route, isHeld }: Pick<ParkedFacts, 'route' | 'isHeld'>): string | null {
  if (route === null) return 'where the users are could not be read';
  if (route.value?.canary?.origin === 'standby') return 'a share of the users is on it';
  if (route.value?.origin === 'standby') return 'the users are on the standby';
  return isHeld ? 'a run is at work' : null;
}

function reasonOf({ route, record }: ParkedFacts): string | null {
  if (route?.value?.origin === 'maintenance') return 'the users see the maintenance page';
  if (record?.wanted === 'awake' && record.by.kind === 'person')
    return `${record.by.name} woke it: ${record.why}`;
  return null;
}

/** A person's word holds until the next one: what is stopped is started. */
const isWantedAwake = ({ look, record }: ParkedFacts): boolean =>
  record?.wanted === 'awake' &&
  record.by.kind === 'person' &&
  powerResources.some((resource) => ['stopped', 'failed'].includes(look[resource].state));

const isToBeFinished = ({ record, now }: ParkedFacts): boolean =>
  record?.wanted === 'parked' &&
  record.parkedSince === null &&
  record.needless === null &&
  now - Date.parse(record.at) < FINISH_MS;

/** Decides on one look. */
export function judgeParked(facts: ParkedFacts): ParkedVerdict {
  const { look, record, now, whenAwake } = facts;
  const protection = protectionOf(facts);
  if (protection === null && isWantedAwake(facts)) return { kind: 'wake', why: record?.why ?? '' };
  if (awakeOf(look).length === 0) return { kind: 'parked' };
  if (protection !== null) return { kind: 'needed', why: protection };
  if (isToBeFinished(facts)) return { kind: 'finish' };
  const why = reasonOf(facts);
  if (why !== null) return { kind: 'needed', why };
  const since = record?.needless?.since ?? new Date(now).toISOString();
  return { kind: 'needless', since, tell: record?.needless?.toldAt == null, park: whenAwake === 'park' };
}

/** The record after a look. `told` is whether people heard of it now. */
export function recordAfter(
  before: ParkedRecord | null,
  {
    look,
    verdict,
    now,
    told,
  }: {
    readonly look: PowerLook;
    readonly verdict: ParkedVerdict;
    readonly now: number;
    readonly told: boolean;
  },
): ParkedRecord {
  const at = new Date(now).toISOString();
  const base: ParkedRecord = before ?? {
    schemaVersion: 1,
    wanted: 'parked',
    by: { kind: 'watch', name: 'the standing look' },
    at,
    why: 'a parked standby is stopped unless somebody needs it',
    ...{ seen: null, parkedSince: null, needless: null },
  };
  const toldAt = told ? at : (before?.needless?.toldAt ?? null);
  const { gateway, cluster, database } = look;
  return {
    ...base,
    seen: { at, gateway: gateway.state, cluster: cluster.state, database: database.state },
    parkedSince: isParked(look) ? (base.parkedSince ?? at) : null,
    needless: verdict.kind === 'needless' ? { since: verdict.since, toldAt } : null,
  };
}

/** MySQL is awake alone, and for the reason that Azure has. */
export function startedByItself(look: PowerLook, record: ParkedRecord | null, now: number): boolean {
  if (record?.parkedSince == null || awakeOf(look).join() !== 'database') return false;
  return now - Date.parse(record.parkedSince) >= (AUTO_START_DAYS - 1) * 86_400_000;
}

/** The message for people. */
export function needlessMessage(
  site: { readonly id: string; readonly name: string; readonly url: string; readonly group: string },
  found: { readonly look: PowerLook; readonly byItself: boolean; readonly parked: string | null },
): { readonly subject: string; readonly text: string } {
  const { id, name, url, group } = site;
  const why = found.byItself
    ? `Azure starts a stopped MySQL server by itself after ${AUTO_START_DAYS} days. Wake the set once a month for an exercise, and it never comes to that.`
    : 'No run is at work, the users are on the primary, and nobody has woken it with pilotlight wake: somebody, or a change by Terraform, has started it in Azure.';
  const next =
    found.parked === null
      ? `Nothing was done about it (standby.parked.whenAwake: tell). Put it away: pilotlight park ${id}. If you need it awake, say so: pilotlight wake ${id}.`
      : `It is being parked again: ${found.parked}. If you need it awake, say so: pilotlight wake ${id}.`;
  return {
    subject: `[Pilotlight] ${name}: the parked standby is awake without a reason`,
    text: `${name} (${url}): the parked standby in ${group} is awake and costs money by the hour: ${powerText(found.look)}.\n\n${why}\n\n${next}`,
  };
}
