import { validation } from './dynamodb-errors.ts';
import { isReservedWord } from './dynamodb-reserved-words.ts';
import type { Placeholders } from './dynamodb-names.ts';
import type { AttributeValue } from './dynamodb-value.ts';

/** A step into a document: an attribute name or a list index. */
export type Path = readonly (string | number)[];

/** Where in an item, or which value of the request. */
export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly path: Path };

const TOKEN = /\s*(?:([A-Za-z_]\w*)|([#:]\w+)|(\d+)|(<>|<=|>=|[-=<>()[\],.+]))/y;

/** The tokens of one expression, with the moves that all its parsers share. */
export class Lexer {
  /** What the error messages call the expression, such as ConditionExpression. */
  readonly expression: string;
  readonly placeholders: Placeholders;
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(expression: string, text: string, placeholders: Placeholders) {
    this.expression = expression;
    this.placeholders = placeholders;
    this.tokens = Lexer.split(expression, text);
    if (this.tokens.length === 0) throw this.invalid('The expression can not be empty;');
  }

  /** Number of tokens taken so far. */
  get offset(): number {
    return this.position;
  }

  peek(ahead = 0): string | undefined {
    return this.tokens[this.position + ahead];
  }

  /** Takes the token if it is this one; keywords are read in any case. */
  accept(token: string): boolean {
    if (this.peek()?.toUpperCase() !== token) return false;
    this.position += 1;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) throw this.syntaxError();
  }

  next(): string {
    const token = this.peek();
    if (token === undefined) throw this.syntaxError();
    this.position += 1;
    return token;
  }

  end(): void {
    if (this.peek() !== undefined) throw this.syntaxError();
  }

  /** A document path: name, `.name` and `[index]`, each name literal or by placeholder. */
  path(): Path {
    const steps: (string | number)[] = [this.attributeName()];
    for (;;) {
      if (this.accept('.')) {
        steps.push(this.attributeName());
      } else if (this.accept('[')) {
        const index = this.next();
        if (!/^\d+$/.test(index)) throw this.syntaxError();
        steps.push(Number(index));
        this.expect(']');
      } else {
        return steps;
      }
    }
  }

  /** A path, or a value by its placeholder. */
  operand(): Operand {
    const token = this.peek();
    if (token?.startsWith(':') !== true) return { kind: 'path', path: this.path() };
    this.position += 1;
    return { kind: 'value', value: this.placeholders.value(token, this.expression) };
  }

  invalid(why: string): Error {
    return validation(`Invalid ${this.expression}: ${why}`);
  }

  syntaxError(): Error {
    const token = this.peek() ?? '<EOF>';
    const near = this.tokens.slice(Math.max(0, this.position - 1), this.position + 2).join(' ');
    return this.invalid(`Syntax error; token: "${token}", near: "${near}"`);
  }

  private attributeName(): string {
    const token = this.next();
    if (token.startsWith('#')) return this.placeholders.name(token, this.expression);
    if (!/^[A-Za-z_]/.test(token)) {
      this.position -= 1;
      throw this.syntaxError();
    }
    if (isReservedWord(token)) {
      throw this.invalid(`Attribute name is a reserved keyword; reserved keyword: ${token}`);
    }
    return token;
  }

  private static split(expression: string, text: string): string[] {
    const tokens: string[] = [];
    let position = 0;
    const length = text.trimEnd().length;
    while (position < length) {
      TOKEN.lastIndex = position;
      const match = TOKEN.exec(text);
      if (match === null) {
        const rest = text.slice(position).trimStart();
        throw validation(
          `Invalid ${expression}: Syntax error; token: "${rest.slice(0, 1)}", near: "${rest.slice(0, 8)}"`,
        );
      }
      tokens.push(match[0].trim());
      position = TOKEN.lastIndex;
    }
    return tokens;
  }
}
