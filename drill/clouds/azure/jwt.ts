import { createHmac } from 'node:crypto';
import { z } from 'zod';

/*
 * Tokens of the simulated issuers. They look like RS256 tokens and their signatures can be checked, but the key is the
 * issuer's own name: this proves that a token came through the simulated issuer unchanged, and nothing more.
 */

export type Claims = Readonly<Record<string, unknown>>;

/** An RSA-2048 signature has 256 bytes; an HMAC-SHA512 has 64. */
const SIGNATURE_PARTS = 4;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signatureFor = (content: string, issuer: string): string => {
  const parts = Array.from({ length: SIGNATURE_PARTS }, (_, part) =>
    createHmac('sha512', `simulated issuer ${issuer}`).update(`${part}.${content}`).digest(),
  );
  return Buffer.concat(parts).toString('base64url');
};

/** Signs the claims in the name of their `iss`. */
export function signToken(
  claims: Claims & { readonly iss: string },
  header: Readonly<Record<string, string>>,
): string {
  const content = `${encode({ typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${content}.${signatureFor(content, claims.iss)}`;
}

const headerSchema = z.looseObject({ typ: z.string(), alg: z.string() });
const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: z.number(),
  exp: z.number(),
});
export interface Token {
  readonly header: z.infer<typeof headerSchema>;
  readonly claims: z.infer<typeof claimsSchema>;
  /** Whether the signature is the issuer's over exactly this content. */
  readonly genuine: boolean;
}

const decode = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
};

/** Takes a token apart; null where it is none. */
export function readToken(text: string): Token | null {
  const [head, body, signature, ...rest] = text.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return null;
  const header = headerSchema.safeParse(decode(head));
  const claims = claimsSchema.safeParse(decode(body));
  if (!header.success || !claims.success) return null;
  const genuine = signatureFor(`${head}.${body}`, claims.data.iss) === signature;
  return { header: header.data, claims: claims.data, genuine };
}
