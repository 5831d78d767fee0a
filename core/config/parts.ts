import * as z from 'zod';
import { expectedRegion, regionNames } from './regions.ts';

/* Kinds of values that several sections of the configuration have. */

export const region = z
  .string()
  .refine((name) => regionNames.includes(name), { error: ({ input }) => expectedRegion(input) })
  .meta({ enum: [...regionNames], description: 'AWS Region' });

const LABELS = String.raw`(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})`;
const DOMAIN_NAME = new RegExp(String.raw`^(?=.{4,253}$)${LABELS}$`);
const SITE_URL = new RegExp(String.raw`^https://(?=[^/]{4,253}/?$)${LABELS}/?$`);

/**
 * Names that the public DNS has not, and never will: IANA's registry of special-use domain names (RFC 6761, 6762, 7686,
 * 8375, 9476), and `internal`, which ICANN keeps for private networks.
 */
const PRIVATE_NAME = /(?:^|\.)(?:alt|arpa|internal|invalid|local|localhost|onion|test)$/;

/** The bare name that a person meant who wrote an address, capitals or a dot at the end; null where there is none. */
function bareName(text: string): string | null {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  const name = url?.hostname.replace(/\.$/, '') ?? '';
  return DOMAIN_NAME.test(name) ? name : null;
}

const isAddress = (text: string): boolean => /^[\d.]+$|:.*:/.test(text);

function expectedName(got: unknown): string {
  const text = typeof got === 'string' ? got : '';
  if (isAddress(text)) return 'a domain name, not an IP address: certificates are for names';
  const meant = bareName(text);
  return meant === null
    ? 'a domain name in lower case'
    : `a domain name alone, in lower case; did you mean "${meant}"?`;
}

function expectedUrl(got: unknown): string {
  const meant = typeof got === 'string' ? bareName(got) : null;
  return meant === null
    ? 'an https URL of a domain name'
    : `an https URL of nothing but the name, without port, path or query; did you mean "https://${meant}"?`;
}

const PUBLIC_NAME = 'a name that the public DNS has: probes, CloudFront and users look it up there';

export const domainName = z
  .string()
  .regex(DOMAIN_NAME, { error: ({ input }) => expectedName(input) })
  .refine((name) => !DOMAIN_NAME.test(name) || !PRIVATE_NAME.test(name), PUBLIC_NAME)
  .describe('Domain name, without scheme and path');

/** The address of a site: https, its name, and nothing more. What else it had would be ignored. */
export const siteUrl = z
  .string('an https URL of a domain name')
  .regex(SITE_URL, { error: ({ input }) => expectedUrl(input) })
  .refine((url) => !PRIVATE_NAME.test(bareName(url) ?? ''), PUBLIC_NAME);

const NIL_UUID = /^[0-]+$/;
export const uuid = z
  .guid('a UUID')
  .refine((id) => !NIL_UUID.test(id), 'a UUID of yours: this one is nobody’s')
  .describe('UUID');

export const path = z.string().regex(/^\/[^\s?#]*(?:\?[^\s#]*)?$/, 'a path that begins with /');
export const seconds = (low: number, high: number) => z.int().min(low).max(high);

/** Text by which a page is known. Probes compare it letter by letter. */
export const pageText = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (text) => text.trim() === text,
    'text without spaces at its ends: a page may have other ones there',
  );

/** Names of secrets in Secrets Manager. Source: its API reference, CreateSecret. */
export const secretName = z.string().regex(/^[\w/+=.@-]{1,128}$/, 'the name of a secret in Secrets Manager');
