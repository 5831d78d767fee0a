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
    const text = summaryText(reportOf(), { expected: [] }, plain);
    expect(text).toBe(`
region-outage, seed 7: FailedOver

RTO 717.5 s from the first failed request to the first good one after the switch
  detect      98.0 s  ███████
  confirm     10.0 s  █
  shield       2.0 s
  prepare    588.0 s  ████████████████████████████████████████
  switch       5.0 s
  converge    14.5 s  █

The data
  Recovery point 03:04:53 UTC (mode ship): to move would lose 6.4 s
  Really lost: 12 writes of 5.9 s

What the users saw
  4000 requests, 550 failed, 3000 answered by the maintenance page
  716 s without the site, 12 writes lost, 0 split-brain writes

Rules
  held    one-writer              2 writes on the primary, then 2 on the standby
  BROKEN  known-calls-only        nobody: GET https://example.com/

Outcome FailedOver, as expected
`);
  });

  it('says that no point is known where the site has its own means, and nothing where nobody was moved', () => {
    const data = { mode: 'none', recoveryPoint: null, promisedLossSeconds: null, lostSeconds: 2 } as const;
    expect(summaryText(reportOf({ data }), { expected: [] }, plain)).toContain(
      'The site brings its data over by its own means: no recovery point is in a store',
    );
    expect(summaryText(reportOf({ data: null }), { expected: [] }, plain)).not.toContain('The data');
  });

  it.each([plain, coloured])('leaves no blanks at the end of a line', (dress) => {
    const bare = reportOf({ rules: [{ name: 'one-writer', held: true, detail: '' }] });
    expect(summaryText(bare, { expected: [] }, dress)).not.toMatch(/[ \t]$/m);
    // A dressed line with nothing to see at its end has no colours there either.
    const undressed = summaryText(bare, { expected: [] }, { ...dress, dim: (text) => `<${text}>` });
    expect(undressed).not.toContain('<>');
  });

  it('tells how the gateway answered, where somebody clicked', () => {
    const gateway = { requests: 3, slowestMs: 362 };
    expect(summaryText(reportOf({ gateway }), { expected: [] }, plain)).toContain(
      'The gateway answered 3 clicks, the slowest after 362 ms (Slack waits 3000)',
    );
    expect(summaryText(reportOf(), { expected: [] }, plain)).not.toContain('gateway');
  });

  it('compares the RTO with what could not be avoided', () => {
    const limit = { seconds: 650.25, ratio: 1.1 };
    expect(summaryText(reportOf({ limit }), { expected: [] }, plain)).toContain(
      '\nThe unavoidable steps take 650.3 s: the RTO is 1.10 times that\n',
    );
    expect(summaryText(reportOf(), { expected: [] }, plain)).not.toContain('unavoidable');
  });

  it('tells what a start on suspicion saved', () => {
    expect(summaryText(reportOf({ savedSeconds: 4.04 }), { expected: [] }, plain)).toContain(
      '\nStarting the standby on suspicion saved 4.0 s against starting it on confirmation\n',
    );
    expect(summaryText(reportOf(), { expected: [] }, plain)).not.toContain('suspicion');
  });

  it('tells how the switch spread, and how the other strategy would have', () => {
    const slow = { strategy: 'distribution', firstSeconds: 202.3, lastSeconds: 267.4 } as const;
    const quick = { strategy: 'key-value', firstSeconds: 7.3, lastSeconds: 30.4, ratio: 8.8 } as const;
    const alone = summaryText(reportOf({ convergence: slow }), { expected: [] }, plain);
    expect(alone).toContain(
      '\nConvergence of the switch\n  distribution first edge location after 202.3 s, last after 267.4 s\n\n',
    );
    const both = summaryText(
      reportOf({ convergence: { ...slow, compared: quick } }),
      { expected: [] },
      plain,
    );
    expect(both).toContain(
      '\n  key-value    first edge location after 7.3 s, last after 30.4 s\n' +
        '  distribution took 8.8 times as long as key-value\n',
    );
    expect(summaryText(reportOf(), { expected: [] }, plain)).not.toContain('Convergence');
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
