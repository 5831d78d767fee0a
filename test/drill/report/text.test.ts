import { clockText, coloured, entryText, plain, summaryText } from '../../../drill/report/text.ts';
import { FAULT_AT, after, reportOf } from '../fixture.ts';

describe('clockText', () => {
  it.each([
    [0, 'T+00:00'],
    [-1_000, 'T-00:01'],
    [-61_000, 'T-01:01'],
    [59_499, 'T+00:59'],
    [59_500, 'T+01:00'],
    [754_000, 'T+12:34'],
    [6_000_000, 'T+100:00'],
  ])('tells %d ms as %s', (ms, text) => {
    expect(clockText(ms)).toBe(text);
  });
});

describe('entryText', () => {
  it('tells when, who and what, in columns', () => {
    const entry = { at: after(145), who: 'controller', event: 'Raise the shield' } as const;
    expect(entryText(entry, FAULT_AT, plain)).toBe('T+02:25  controller  Raise the shield');
  });

  it('dresses who it was about in its colour, and only the dressed text has colours', () => {
    const entry = { at: FAULT_AT, who: 'world', event: 'ap-northeast-2 stops answering' } as const;
    expect(entryText(entry, FAULT_AT, coloured)).toContain('\u001b[31mworld');
    expect(entryText(entry, FAULT_AT, plain)).not.toContain('\u001b');
  });
});

describe('summaryText', () => {
  it('tells a failover to a person', () => {
    // Blanks at the end of a line are nothing that a person sees.
    const text = summaryText(reportOf(), { expected: [] }, plain).replaceAll(/ +$/gm, '');
    expect(text).toBe(`
region-outage, seed 7: FailedOver

RTO 717.5 s from the first failed request to the first good one after the switch
  detect      98.0 s  ███████
  confirm     10.0 s  █
  shield       2.0 s
  prepare    588.0 s  ████████████████████████████████████████
  switch       5.0 s
  converge    14.5 s  █

What the users saw
  4000 requests, 550 failed, 3000 answered by the maintenance page
  716 s without the site, 12 writes lost, 0 split-brain writes

Rules
  held    one-writer              2 writes on the primary, then 2 on the standby
  BROKEN  known-calls-only        nobody: GET https://example.com/

Outcome FailedOver, as expected
`);
  });

  it('says that nothing was switched where there is no RTO', () => {
    const text = summaryText(reportOf({ rto: null }), { expected: [] }, plain);
    expect(text).toContain('\nRTO: nothing was switched\n');
    expect(text).not.toContain('prepare');
  });

  it('lists what is not as expected', () => {
    const text = summaryText(reportOf(), { expected: ['nobody said "shield"', 'RTO: too long'] }, plain);
    expect(text).toContain(
      'Outcome FailedOver, NOT as expected:\n  - nobody said "shield"\n  - RTO: too long\n',
    );
  });
});
