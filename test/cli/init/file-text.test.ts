import * as fc from 'fast-check';
import { problemsOf } from '../../../cli/init/check.ts';
import { fill, type Draft } from '../../../cli/init/draft.ts';
import { fieldNames, inFlags, pathOf } from '../../../cli/init/fields.ts';
import { fileText, NOTHING_FOUND } from '../../../cli/init/file-text.ts';
import { readConfig } from '../../../core/config/read.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { regionNames } from '../../../core/config/regions.ts';

/*
 * Goal: whatever is given stands in the file as it was given, or is refused in the words of the command line; a text never
 * becomes a line of the file.
 */

const you = (value: string) => ({ value, from: 'you' as const });
const SITE: Draft = { url: you('https://shop.acme.org') };

/** Text with everything in it that means something to YAML. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ': ',
        ' #',
        '\n',
        '"',
        "'",
        '- ',
        '{',
        '}',
        '[',
        ']',
        '&a',
        '*a',
        '!',
        '|',
        '%',
        '---',
        '\t',
        'a',
        '1',
        'null',
        'yes',
        '\u0000',
        '\u2028',
        '\\',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

describe('a written file', () => {
  it('holds every text as it was given, or it is refused', () => {
    const names = [
      'display-name',
      'deep-text',
      'maintenance-text',
      'health-path',
      'project',
      'workload',
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...names), text, (name, value) => {
        const draft = { ...SITE, [name]: you(value) };
        const problems = problemsOf(draft, NOTHING_FOUND);
        if (problems.length > 0) {
          expect(problems.filter((problem) => !/^--(?:[a-z-]+): got /.test(problem))).toEqual([]);
          return;
        }
        const { workloads } = readConfig(fileText(fill(draft), NOTHING_FOUND));
        const [id = ''] = Object.keys(workloads);
        const { displayName, health, maintenance, standby } = workloads[id]!;
        const written = [
          displayName,
          health.deep.contains,
          maintenance.contains,
          health.path,
          standby.pipeline?.project,
          id,
        ];
        expect(written[names.indexOf(name)]).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  it.each(regionNames)(
    'is valid for a primary in %s, and warned of its examples, of the Region and of its data alone',
    (name) => {
      const draft = { ...SITE, 'primary-region': you(name) };
      expect(problemsOf(draft, NOTHING_FOUND)).toEqual([]);
      const warnings = warningsOf(readConfig(fileText(fill(draft), NOTHING_FOUND)));
      const others = warnings.filter(
        (warning) => !/got an example in|primary\.region|quorum\.kinds: got 1:/.test(warning),
      );
      expect(others).toEqual([
        'workloads.shop.data: got mode "none" without probe: nobody knows what a failover would lose. ' +
          'Safer: mode ship, or the URL of a probe',
      ]);
    },
  );

  it('leaves no example that config check does not warn of', () => {
    const filled = fill(SITE);
    const warned = warningsOf(readConfig(fileText(filled, NOTHING_FOUND))).join('\n');
    const examples = fieldNames.filter(
      (name) => filled[name].from === 'example' && name !== 'primary-region',
    );
    expect(examples).toHaveLength(16);
    const unsaid = examples.filter((name) => {
      const path = pathOf(name, 'shop').replace(/^(?:controller|workloads\.shop)\./, '');
      return !new RegExp(`\\b${path.replaceAll('.', '\\.')}\\b`).test(warned);
    });
    expect(unsaid).toEqual([]);
  });

  it('ships the data where somebody has named the account of them, and nothing where nobody has', () => {
    const dataOf = (draft: Parameters<typeof fill>[0]) =>
      readConfig(fileText(fill(draft), NOTHING_FOUND)).workloads['shop']?.data;
    expect(dataOf({ ...SITE, 'data-account': you('shopdata') })).toMatchObject({
      mode: 'ship',
      account: 'shopdata',
      maxLossSeconds: 300,
    });
    expect(dataOf(SITE)).toEqual({ mode: 'none' });
    expect(problemsOf({ ...SITE, 'data-account': you('Shop-Data') }, NOTHING_FOUND)).toEqual([
      '--data-account: got "Shop-Data", expected the name of a storage account: 3 to 24 of a-z and 0-9',
    ]);
  });

  it('has names of its own where the site has one of the documentation', () => {
    for (const label of ['alb', 'standby', 'maintenance'])
      expect(problemsOf({ url: you(`https://${label}.example.com`) }, NOTHING_FOUND)).toEqual([]);
  });
});

describe('a problem in the words of the command line', () => {
  it.each([
    ['workloads.shop.edge.distributionId: got "x"', '--distribution: got "x"'],
    ['controller.onCall.1: got "x"', '--on-call: got "x"'],
    ['controller.region: got "x"', '--region: got "x"'],
    ['workloads: got the id "X"', '--workload: got the id "X"'],
    // Nothing that init asks for.
    ['workloads.shop.limits.leaseSeconds: got 1', 'workloads.shop.limits.leaseSeconds: got 1'],
    ['workloads.shop.urls: got 1', 'workloads.shop.urls: got 1'],
  ])('is, for %s, %s', (problem, words) => {
    expect(inFlags(problem, 'shop')).toBe(words);
  });
});
