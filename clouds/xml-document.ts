import { CloudAnswerUnreadable } from '../core/errors.ts';

/*
 * XML with places: enough to find an element in a document of CloudFront or of Azure Storage and to say where its text stands.
 * There is no document type and no name space in what they send, and what goes beyond that is refused, not guessed at.
 */

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The character data directly inside, with references resolved. */
  readonly text: string;
  /** Where the content begins and ends in the document. */
  readonly contentStart: number;
  readonly contentEnd: number;
}

interface OpenElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
  readonly contentStart: number;
}

/** One token at a time; what none of the alternatives matches is no XML of ours. */
const TOKEN = new RegExp(
  [
    String.raw`(?<skipped><\?.*?\?>|<!--.*?-->)`,
    String.raw`<!\[CDATA\[(?<cdata>.*?)\]\]>`,
    String.raw`</(?<close>[\w.:-]+)\s*>`,
    String.raw`<(?<open>[\w.:-]+)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?<empty>/?)>`,
    String.raw`(?<text>[^<]+)`,
  ].join('|'),
  'sy',
);
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:#(?<decimal>\d{1,7})|#x(?<hex>[\dA-Fa-f]{1,6})|(?<name>\w+));/g;
const CODE_POINT_MAX = 0x10ffff;
const EXCERPT_LENGTH = 60;

/** @throws CloudAnswerUnreadable with the place where the text stops being XML. */
export function readXml(call: string, text: string): XmlElement {
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  const close = (name: string | undefined, at: number): void => {
    const element = open.pop();
    if (element === undefined || element.name !== name) throw unreadable(call, text, at);
    const done = { ...element, contentEnd: at };
    const parent = open.at(-1);
    if (parent === undefined) root = done;
    else parent.children.push(done);
  };
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.groups;
    if (token === undefined || (root !== undefined && token['open'] !== undefined))
      throw unreadable(call, text, at);
    const next = TOKEN.lastIndex;
    const data = token['cdata'] ?? resolve(token['text'] ?? '');
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += data;
    else if (data.trim() !== '') throw unreadable(call, text, at);
    if (token['close'] !== undefined) close(token['close'], at);
    if (token['open'] === undefined) continue;
    open.push({ name: token['open'], children: [], text: '', contentStart: next });
    if (token['empty'] !== '') close(token['open'], next);
  }
  if (root === undefined || open.length > 0) throw unreadable(call, text, text.length);
  return root;
}

export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);

export const childOf = (element: XmlElement, name: string): XmlElement | undefined =>
  childrenOf(element, name)[0];

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What is no reference that we know stays as it is: it can only be in a field that we do not read. */
function resolve(text: string): string {
  return text.replaceAll(REFERENCE, (whole, ...rest) => {
    const groups = rest.at(-1) as Record<'decimal' | 'hex' | 'name', string | undefined>;
    if (groups.name !== undefined) return NAMED[groups.name] ?? whole;
    const code = groups.hex === undefined ? Number(groups.decimal) : Number.parseInt(groups.hex, 16);
    return code > CODE_POINT_MAX ? whole : String.fromCodePoint(code);
  });
}

function unreadable(call: string, text: string, at: number): CloudAnswerUnreadable {
  const excerpt = text.slice(at, at + EXCERPT_LENGTH);
  return new CloudAnswerUnreadable(call, [
    `character ${at}: got ${excerpt === '' ? 'the end' : `"${excerpt}"`}, expected XML`,
  ]);
}
