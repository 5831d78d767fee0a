import { readFileSync, statSync } from 'node:fs';
import ts from 'typescript';
import { ANSWER_RESPONSE_FILE, PROBE_ORIGIN_FILE, ROUTE_REQUEST_FILE } from '../../edge/load.ts';

/*
 * The functions may use only what "JavaScript runtime 2.0 features for CloudFront Functions" (CloudFront Developer
 * Guide) lists. The lists below are a part of that page's; syntax is checked by node kind, so what is not listed here
 * fails, known or not. Left out on purpose, because the page does not list them: destructuring, spread, default
 * parameters, shorthand properties, classes, generators, for-of, `?.`, `??`, catch without a binding.
 */
const SYNTAX = new Set([
  'SourceFile',
  'ImportDeclaration',
  'ImportClause',
  'FunctionDeclaration',
  'ArrowFunction',
  'Parameter',
  'Block',
  'VariableStatement',
  'VariableDeclarationList',
  'VariableDeclaration',
  'ExpressionStatement',
  'IfStatement',
  'ForStatement',
  'ReturnStatement',
  'ThrowStatement',
  'TryStatement',
  'CatchClause',
  'Identifier',
  'StringLiteral',
  'NumericLiteral',
  'TemplateExpression',
  'TemplateHead',
  'TemplateSpan',
  'TemplateMiddle',
  'TemplateTail',
  'QuestionToken',
  'ColonToken',
  'ArrayLiteralExpression',
  'ObjectLiteralExpression',
  'PropertyAssignment',
  'PropertyAccessExpression',
  'ElementAccessExpression',
  'CallExpression',
  'NewExpression',
  'BinaryExpression',
  'PrefixUnaryExpression',
  'PostfixUnaryExpression',
  'ConditionalExpression',
  'ParenthesizedExpression',
  'TypeOfExpression',
  'DeleteExpression',
  'AwaitExpression',
  'AsyncKeyword',
  'EqualsGreaterThanToken',
  'ExclamationToken',
  'EndOfFileToken',
]);
const OPERATORS = new Set([
  '=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&&',
  '||',
  '^',
  '&',
  '|',
  '<<',
  '>>',
  '>>>',
]);
const GLOBALS = new Set(['JSON', 'Math', 'Error', 'undefined']);
const METHODS = new Set([
  'parse',
  'imul',
  'indexOf',
  'charCodeAt',
  'forEach',
  'slice',
  'kvs',
  'get',
  'selectRequestOriginById',
]);

/** The name of each kind of node. TypeScript's own reverse table answers with range markers such as `FirstStatement`. */
const KIND_NAMES = new Map(
  Object.entries(ts.SyntaxKind)
    .filter(([name, kind]) => typeof kind === 'number' && !/^(?:First|Last)[A-Z]/.test(name))
    .map(([name, kind]) => [kind as ts.SyntaxKind, name]),
);

const isName = (node: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node);

const isDeclared = (node: ts.Identifier): boolean =>
  (ts.isVariableDeclaration(node.parent) ||
    ts.isParameter(node.parent) ||
    ts.isFunctionDeclaration(node.parent) ||
    ts.isImportClause(node.parent)) &&
  node.parent.name === node;

const violationOf = (node: ts.Node): string | undefined => {
  const kind = KIND_NAMES.get(node.kind) ?? 'without a name';
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText();
    if (!OPERATORS.has(operator)) return `operator ${operator}`;
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const method = node.expression.name.text;
    if (!METHODS.has(method)) return `method ${method}`;
  }
  if ('questionDotToken' in node && node.questionDotToken !== undefined) return 'optional chaining';
  if (ts.isParameter(node) && (node.initializer !== undefined || node.dotDotDotToken !== undefined)) {
    return 'default or rest parameter';
  }
  if (ts.isCatchClause(node) && node.variableDeclaration === undefined) return 'catch without a binding';
  if (ts.isArrowFunction(node) && node.modifiers !== undefined) return 'async closure';
  if (ts.isFunctionDeclaration(node) && !ts.isSourceFile(node.parent)) return 'function inside a function';
  if (ts.isBinaryExpression(node.parent) && node.parent.operatorToken === node) return undefined;
  return SYNTAX.has(kind) ? undefined : `syntax ${kind}`;
};

/** What the source uses that the runtime does not list, as words. */
const violations = (source: string): string[] => {
  const file = ts.createSourceFile('function.js', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const found: string[] = [];
  const declared = new Set(GLOBALS);
  const used: string[] = [];
  const visit = (node: ts.Node): void => {
    const violation = node === file ? undefined : violationOf(node);
    if (violation !== undefined) found.push(violation);
    if (ts.isIdentifier(node)) {
      if (isDeclared(node)) declared.add(node.text);
      else if (!isName(node)) used.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found, ...used.filter((name) => !declared.has(name)).map((name) => `global ${name}`)];
};

describe.each([
  ['route-request.js', ROUTE_REQUEST_FILE],
  ['answer-response.js', ANSWER_RESPONSE_FILE],
  ['probe-origin.js', PROBE_ORIGIN_FILE],
])('%s', (_name, path) => {
  it('uses nothing that the runtime does not list', () => {
    expect(violations(readFileSync(path, 'utf8'))).toEqual([]);
  });

  // Half of what CloudFront takes: a function that needs more than this does more than choose an origin.
  it('is smaller than 5 KB; CloudFront takes 10', () => {
    expect(statSync(path).size).toBeLessThan(5120);
  });

  it('is plain ASCII, so that its size in characters is its size in bytes', () => {
    expect(readFileSync(path, 'utf8')).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe('the route-request function', () => {
  it('imports the runtime module on its first line, the only place where that is allowed', () => {
    expect(readFileSync(ROUTE_REQUEST_FILE, 'utf8').split('\n')[0]).toBe("import cf from 'cloudfront';");
  });
});

describe('the check itself finds', () => {
  it.each([
    ['const { a } = event;', 'syntax ObjectBindingPattern'],
    ['const a = [...b];', 'syntax SpreadElement'],
    ['const a = { b };', 'syntax ShorthandPropertyAssignment'],
    ['function f(a = 1) { return a; }', 'default or rest parameter'],
    ['const a = event?.b;', 'optional chaining'],
    ['const a = 1 ?? 2;', 'operator ??'],
    ['try { f(); } catch { g(); }', 'catch without a binding'],
    ['for (const a of []) { f(a); }', 'syntax ForOfStatement'],
    ['class A {}', 'syntax ClassDeclaration'],
    ['const a = async () => 1;', 'async closure'],
    ['function f() { function g() { return 1; } return g(); }', 'function inside a function'],
    ['setTimeout(1);', 'global setTimeout'],
    ['eval(1);', 'global eval'],
    ['const a = [1].at(0);', 'method at'],
    ['const a = 1n;', 'syntax BigIntLiteral'],
  ])('%s', (source, violation) => {
    expect(violations(source)).toContain(violation);
  });
});
