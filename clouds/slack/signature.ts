import { createHmac, timingSafeEqual } from 'node:crypto';
import { signedPrefix, type SignatureClaim } from '../../core/slack/signature.ts';

/**
 * Whether one of the secrets signed these raw bytes. Every secret is tried and every digest compared as a whole, so that
 * the time it takes says nothing about where a guess went wrong, nor which secret was the right one.
 */
export function isSigned(claim: SignatureClaim, body: Uint8Array, secrets: readonly string[]): boolean {
  const claimed = Buffer.from(claim.digest, 'hex');
  let signed = false;
  for (const secret of secrets) {
    // HMAC takes an empty key, which everybody knows.
    if (secret === '') continue;
    const digest = createHmac('sha256', secret).update(signedPrefix(claim.timestamp)).update(body).digest();
    const equal = digest.length === claimed.length && timingSafeEqual(digest, claimed);
    signed = equal || signed;
  }
  return signed;
}
