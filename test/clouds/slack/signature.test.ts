import { isSigned } from '../../../clouds/slack/signature.ts';

/** The worked example of Slack's page "Verifying requests from Slack". */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
  '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const claim = {
  timestamp: '1531420618',
  digest: 'a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const body = Buffer.from(BODY, 'utf8');

describe('a signature', () => {
  it('is known for what Slack documents, among several secrets and at any place', () => {
    expect(isSigned(claim, body, [SECRET])).toBe(true);
    expect(isSigned(claim, body, ['another-secret-of-ours', SECRET])).toBe(true);
    expect(isSigned(claim, body, [SECRET, 'another-secret-of-ours'])).toBe(true);
  });

  it.each([
    ['another secret', claim, body, ['another-secret-of-ours']],
    ['no secret', claim, body, []],
    ['one byte more', claim, Buffer.concat([body, Buffer.from(' ')]), [SECRET]],
    ['one byte less', claim, body.subarray(1), [SECRET]],
    ['another time stamp', { ...claim, timestamp: '1531420619' }, body, [SECRET]],
    ['another digit', { ...claim, digest: claim.digest.replace(/^a/, 'b') }, body, [SECRET]],
    ['half a digest', { ...claim, digest: claim.digest.slice(0, 32) }, body, [SECRET]],
    ['no digest', { ...claim, digest: '' }, body, [SECRET]],
  ])('is not accepted with %s', (_, one, bytes, secrets) => {
    expect(isSigned(one, bytes, secrets)).toBe(false);
  });

  it('is never accepted under an empty secret, which everybody knows', () => {
    // HMAC-SHA256 of "v0:1531420618:" under the empty key.
    const digest = '99f48c615873e238b476b395be49bf9d12238c305d200a934d065a003433bd22';
    expect(isSigned({ timestamp: '1531420618', digest }, Buffer.alloc(0), [''])).toBe(false);
  });
});
