import fc from 'fast-check';
import { childOf, escapeXml, readXml } from '../../../../clouds/xml-document.ts';
import { readDistribution } from '../../../../clouds/aws/route/distribution-xml.ts';
import type { CloudAnswerUnreadable } from '../../../../core/errors.ts';
import { configXml } from '../../../drill/clouds/aws/distribution-fixture.ts';

const CALL = 'CloudFront GetDistributionConfig';
const read = (text: string) => readDistribution(CALL, text);

/** Every problem that reading a text ends with. */
function problemsOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    return (error as CloudAnswerUnreadable).problems.join('\n');
  }
  return 'none';
}

describe('reading the document of a distribution', () => {
  it('finds origins, groups and the targets of all behaviours', () => {
    const text = configXml({
      ordered: [
        ['/api/*', 'standby'],
        ['/a&amp;b/*', 'pair'],
      ],
      groups: [['pair', ['primary', 'assets']]],
    });
    expect(read(text).view).toEqual({
      originIds: ['primary', 'standby', 'maintenance', 'assets'],
      originGroups: [{ id: 'pair', originIds: ['primary', 'assets'] }],
      behaviours: [
        { pathPattern: null, originId: 'primary' },
        { pathPattern: '/api/*', originId: 'standby' },
        { pathPattern: '/a&b/*', originId: 'pair' },
      ],
    });
  });

  it('reads a whole distribution too, with its status', () => {
    const config = configXml().replace(/^<\?xml.*\?>\n/, '');
    const document = read(`<Distribution><Status>InProgress</Status>${config}</Distribution>`);
    expect(document.status).toBe('InProgress');
    expect(document.view.behaviours).toEqual([{ pathPattern: null, originId: 'primary' }]);
    expect(read(config).status).toBeUndefined();
  });

  it('changes the targets that it is told and not one other character', () => {
    const before = configXml({ ordered: [['/api/*', 'primary']] });
    const changes = [
      { pathPattern: '/api/*', from: 'primary', to: 'standby' },
      { pathPattern: null, from: 'primary', to: 'maintenance' },
    ];
    expect(read(before).retarget(changes)).toBe(
      configXml({ main: 'maintenance', ordered: [['/api/*', 'standby']] }),
    );
    expect(read(before).retarget([])).toBe(before);
  });

  it('escapes an id that XML could not hold', () => {
    const text = read(configXml()).retarget([{ pathPattern: null, from: 'primary', to: 'a<b&c>' }]);
    expect(text).toContain('<TargetOriginId>a&lt;b&amp;c&gt;</TargetOriginId>');
    expect(read(text).view.behaviours[0]?.originId).toBe('a<b&c>');
  });

  it('refuses to change a behaviour that targets something else than was read', () => {
    const change = { pathPattern: null, from: 'standby', to: 'maintenance' };
    expect(() => read(configXml()).retarget([change])).toThrow(
      'the default behaviour targets primary, expected standby',
    );
    expect(() => read(configXml()).retarget([{ ...change, pathPattern: '/x' }])).toThrow(
      '/x targets nothing, expected standby',
    );
  });

  it.each([
    ['nothing', '', 'character 0: got the end'],
    ['JSON', '{"DistributionConfig":{}}', 'character 0: got "{"DistributionConfig":{}}", expected XML'],
    ['a page', '<!DOCTYPE html><html></html>', 'character 0: got "<!DOCTYPE html>'],
    ['another document', '<Error><Code>1</Code></Error>', 'no DistributionConfig in <Error>'],
    ['half a document', configXml().slice(0, -30), 'expected XML'],
    ['two documents', `${configXml()}${configXml()}`, 'expected XML'],
    ['crossed elements', '<DistributionConfig><a><b></a></b></DistributionConfig>', 'got "</a></b>'],
    ['no origins', configXml({ origins: [] }), 'originIds: got []'],
    ['no target', configXml().replace(/<TargetOriginId>.*?<\/TargetOriginId>/, ''), 'no TargetOriginId'],
    ['an empty target', configXml({ main: '' }), 'behaviours.0.originId: got ""'],
    ['no pattern', configXml({ ordered: [['', 'primary']] }), 'behaviours.1.pathPattern: got ""'],
    [
      'no behaviour',
      configXml().replace(/<DefaultCacheBehavior>.*<\/DefaultCacheBehavior>/, ''),
      'behaviours: got []',
    ],
  ])('calls %s unreadable', (_what, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });
});

describe('XML with places', () => {
  it('reads references, character data and comments as XML means them', () => {
    const root = readXml(
      CALL,
      `<a x="1>2" y='"'> <!-- <b> --><b>1 &lt; 2 &#38; &#x41;<![CDATA[<&amp;>]]></b><c/></a>`,
    );
    expect(childOf(root, 'b')?.text).toBe('1 < 2 & A<&amp;>');
    expect(childOf(root, 'c')).toMatchObject({ text: '', children: [] });
    expect(childOf(root, 'd')).toBeUndefined();
  });

  it('leaves a reference alone that it does not know', () => {
    expect(readXml(CALL, '<a>&copy; &#x110000; & &</a>').text).toBe('&copy; &#x110000; & &');
  });

  it('takes a byte order mark and white space around the document', () => {
    expect(readXml(CALL, '\uFEFF<?xml version="1.0"?>\n<a>x</a>\n').text).toBe('x');
    expect(() => readXml(CALL, 'x<a/>')).toThrow('character 0');
  });
});

describe('any configuration, with fields that nobody knows yet', () => {
  const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
  const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => escapeXml(value));
  /** Elements of any depth, with attributes, comments, CDATA, white space and empty tags among them. */
  const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
    element: fc.oneof(
      { depthSize: 'small' },
      name.map((tag) => `<${tag}/>`),
      fc.tuple(name, text).map(([tag, value]) => `<${tag} lang='x"y'>${value}</${tag}>`),
      fc.constantFrom('<!-- a > b -->', '<![CDATA[<TargetOriginId>primary</TargetOriginId>]]>', '\n  '),
      fc.tuple(name, tie('content')).map(([tag, value]) => `<${tag}>${value}</${tag}>`),
    ),
    content: fc.array(tie('element'), { maxLength: 4 }).map((parts) => parts.join('')),
  }));
  // The names that the reader looks for are not unknown fields.
  const known =
    /<(?:DefaultCacheBehavior|CacheBehaviors|TargetOriginId|PathPattern|Origins|OriginGroups|Id)\b/;
  const unknown = element.filter((value) => !known.test(value.replaceAll(/<!\[CDATA\[.*?\]\]>/gs, '')));
  const target = fc.constantFrom('primary', 'standby', 'maintenance', 'assets');
  /** Puts unknown fields into a configuration, the same ones whatever its behaviours target. */
  const builder = fc
    .tuple(fc.nat({ max: 5 }), fc.array(unknown, { minLength: 4, maxLength: 4 }))
    .map(([count, [first = '', second = '', third = '', last = '']]) => {
      const patterns = Array.from({ length: count }, (_, index) => `/${index}/*`);
      return ([main = '', ...targets]: readonly string[]) =>
        configXml({
          main,
          ordered: patterns.map((pattern, index) => [pattern, targets[index] ?? ''] as const),
        })
          .replace('<Origins>', () => `${first}<Origins>`)
          .replace('<DefaultCacheBehavior>', () => `<DefaultCacheBehavior>${second}`)
          .replaceAll('</CacheBehavior>', () => `${third}</CacheBehavior>`)
          .replace('</DistributionConfig>', () => `${last}</DistributionConfig>`);
    });
  const targets = fc.array(target, { minLength: 6, maxLength: 6 });

  it('survives a change of any targets byte for byte, and there and back it is the same document', () => {
    fc.assert(
      fc.property(builder, targets, targets, (build, before, after) => {
        const text = build(before);
        const document = read(text);
        const there = document.view.behaviours.map(({ pathPattern, originId }, index) => ({
          pathPattern,
          from: originId,
          to: after[index]!,
        }));
        const moved = document.retarget(there);
        expect(moved).toBe(build(after));
        const back = there.map(({ pathPattern, from, to }) => ({ pathPattern, from: to, to: from }));
        expect(read(moved).retarget(back)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read, or refused with words, but never with another error', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      'a',
      ' ',
      '"',
      '&',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
    );
    const soup = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(soup, (value) => {
        expect(problemsOf(value)).not.toBe('none');
      }),
      { numRuns: 5000 },
    );
  });
});
