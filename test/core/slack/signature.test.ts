import { readClaim, signedPrefix } from '../../../core/slack/signature.ts';

/** 2026-11-23T03:00:00Z. */
const NOW = 1_795_402_800_000;
const SECONDS = 1_795_402_800;
const DIGEST = 'a'.repeat(64);
const read = (timestamp: string | undefined, signature: string | undefined = `v0=${DIGEST}`) =>
  readClaim({ timestamp, signature }, NOW);

describe('the headers of a signed request', () => {
  it('are read where they could have come from Slack', () => {
    expect(read(String(SECONDS))).toEqual({
      ok: true,
      claim: { timestamp: '1795402800', digest: DIGEST },
    });
    expect(signedPrefix('1795402800')).toBe('v0:1795402800:');
  });

  it.each([
    ['300 s old', -300],
    ['300 s ahead', 300],
  ])('count while the time stamp is %s', (_, offset) => {
    expect(read(String(SECONDS + offset)).ok).toBe(true);
  });

  it.each([
    ['a time stamp of 301 s ago', String(SECONDS - 301), undefined, 'time stamp too old'],
    ['a time stamp 301 s ahead', String(SECONDS + 301), undefined, 'time stamp in the future'],
    ['no time stamp', undefined, undefined, 'signature missing'],
    ['a time stamp with a fraction', `${SECONDS}.5`, undefined, 'time stamp malformed'],
    ['a time stamp with an exponent', '1e9', undefined, 'time stamp malformed'],
    ['a time stamp in milliseconds', String(NOW), undefined, 'time stamp malformed'],
    ['a time stamp with a space', ` ${SECONDS}`, undefined, 'time stamp malformed'],
    ['a negative time stamp', `-${SECONDS}`, undefined, 'time stamp malformed'],
    ['another version', String(SECONDS), `v1=${DIGEST}`, 'signature malformed'],
    ['a digest that is too short', String(SECONDS), `v0=${DIGEST.slice(1)}`, 'signature malformed'],
    ['a digest in capitals', String(SECONDS), `v0=${'A'.repeat(64)}`, 'signature malformed'],
    ['two signatures', String(SECONDS), `v0=${DIGEST},v0=${DIGEST}`, 'signature malformed'],
    ['a line break after it', String(SECONDS), `v0=${DIGEST}\n`, 'signature malformed'],
  ])('are refused with %s', (_, timestamp, signature, reason) => {
    expect(readClaim({ timestamp, signature: signature ?? `v0=${DIGEST}` }, NOW)).toEqual({
      ok: false,
      reason,
    });
  });

  it('are refused without a signature', () => {
    expect(readClaim({ timestamp: String(SECONDS), signature: undefined }, NOW)).toEqual({
      ok: false,
      reason: 'signature missing',
    });
  });
});
