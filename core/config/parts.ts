import * as z from 'zod';

/* Kinds of values that several sections of the configuration have. */

export const region = z
  .string()
  .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'an AWS Region such as ap-northeast-2')
  .describe('AWS Region');
export const domainName = z
  .string()
  .regex(
    /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a domain name in lower case',
  )
  .describe('Domain name, without scheme and path');
export const uuid = z.guid('a UUID').describe('UUID');
export const path = z.string().regex(/^\/[^\s?#]*(?:\?[^\s#]*)?$/, 'a path that begins with /');
export const seconds = (low: number, high: number) => z.int().min(low).max(high);
