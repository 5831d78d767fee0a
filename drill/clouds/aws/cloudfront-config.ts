/*
 * What CloudFront itself reads in a configuration. Written apart from the controller's reader on purpose: a mistake that
 * both share would hide itself.
 */

/** What a distribution targets, as its edge locations will learn it. */
export interface DistributionTargets {
  readonly defaultTarget: string;
  /** In the order of the configuration: the first pattern that matches a path decides. */
  readonly ordered: readonly { readonly pathPattern: string; readonly target: string }[];
}

interface Node {
  readonly name: string;
  readonly children: Node[];
  /** Where the content begins and ends in the document. */
  readonly from: number;
  to: number;
}

/** The document as a tree that knows where everything stands. */
export interface ConfigTree {
  readonly xml: string;
  readonly root: Node;
}

export interface ConfigProblem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const TAG = /<(?<end>\/?)(?<name>[A-Za-z][\w:.-]*)[^<>]*?(?<empty>\/?)>/g;
const ENTITIES: readonly (readonly [string, string])[] = [
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
];

/** Reads a configuration; null where it is not well formed or no configuration at all. */
export function readConfig(xml: string): ConfigTree | null {
  const top: Node = { name: '', children: [], from: 0, to: xml.length };
  const path = [top];
  for (const match of xml.matchAll(TAG)) {
    const { end, name, empty } = match.groups ?? {};
    const inside = path.at(-1);
    if (name === undefined || inside === undefined) return null;
    if (end === '/') {
      if (inside.name !== name) return null;
      inside.to = match.index;
      path.pop();
      continue;
    }
    const from = match.index + match[0].length;
    const node: Node = { name, children: [], from, to: from };
    inside.children.push(node);
    if (empty === '') path.push(node);
  }
  const [root] = top.children;
  const whole = path.length === 1 && top.children.length === 1 && root?.name === 'DistributionConfig';
  return whole ? { xml, root } : null;
}

const child = (node: Node | undefined, name: string): Node | undefined =>
  node?.children.find((candidate) => candidate.name === name);

const textOf = (tree: ConfigTree, node: Node | undefined): string =>
  ENTITIES.reduce(
    (text, [entity, letter]) => text.replaceAll(entity, letter),
    node === undefined ? '' : tree.xml.slice(node.from, node.to),
  );

const items = (tree: ConfigTree, list: string): readonly Node[] =>
  child(child(tree.root, list), 'Items')?.children ?? [];

/** The document without its prologue, as it stands inside an answer. */
export const configElement = (xml: string): string => xml.slice(xml.indexOf('<DistributionConfig'));

export function targetsOf(tree: ConfigTree): DistributionTargets {
  const target = (behaviour: Node | undefined): string => textOf(tree, child(behaviour, 'TargetOriginId'));
  return {
    defaultTarget: target(child(tree.root, 'DefaultCacheBehavior')),
    ordered: items(tree, 'CacheBehaviors').map((behaviour) => ({
      pathPattern: textOf(tree, child(behaviour, 'PathPattern')),
      target: target(behaviour),
    })),
  };
}

/** Why CloudFront refuses a configuration in place of another; null where it takes it. */
export function refuseConfig(before: ConfigTree, after: ConfigTree | null): ConfigProblem | null {
  const refuse = (code: string, message: string, status = 400): ConfigProblem => ({ status, code, message });
  if (after === null) return refuse('MalformedInput', 'The XML document is malformed.');
  const reference = (tree: ConfigTree): string => textOf(tree, child(tree.root, 'CallerReference'));
  if (reference(after) !== reference(before)) {
    return refuse(
      'IllegalUpdate',
      'The update contains modifications that are not allowed: CallerReference.',
    );
  }
  for (const list of ['Origins', 'OriginGroups', 'CacheBehaviors']) {
    const quantity = textOf(after, child(child(after.root, list), 'Quantity'));
    const got = items(after, list).length;
    if (Number(quantity) !== got) {
      return refuse('InconsistentQuantities', `The value of Quantity in ${list} and its items do not match.`);
    }
  }
  const ids = [...items(after, 'Origins'), ...items(after, 'OriginGroups')].map((origin) =>
    textOf(after, child(origin, 'Id')),
  );
  const { defaultTarget, ordered } = targetsOf(after);
  const lost = [defaultTarget, ...ordered.map(({ target }) => target)].find((id) => !ids.includes(id));
  return lost === undefined ? null : refuse('NoSuchOrigin', `No origin exists with the id ${lost}.`, 404);
}

/** The configuration with another comment and nothing else changed. */
export function withComment(tree: ConfigTree, comment: string): string {
  const node = child(tree.root, 'Comment');
  if (node === undefined) throw new Error('a configuration without a Comment element');
  return tree.xml.slice(0, node.from) + comment + tree.xml.slice(node.to);
}
