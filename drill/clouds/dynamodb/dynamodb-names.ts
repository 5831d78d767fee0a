import { validation } from './dynamodb-errors.ts';
import { parseValue, type AttributeValue } from './dynamodb-value.ts';

const isMap = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/**
 * The placeholders of one request: resolves them, remembers which were used, and refuses what was given in vain, as
 * DynamoDB does for every name and value that no expression of the request uses.
 */
export class Placeholders {
  private readonly names: Readonly<Record<string, string>>;
  private readonly values: Readonly<Record<string, AttributeValue>>;
  private readonly used = new Set<string>();

  constructor(names: unknown, values: unknown) {
    this.names = Placeholders.parseNames(names);
    this.values = Placeholders.parseValues(values);
  }

  /** @throws DynamoDbError where the request does not define the name. */
  name(placeholder: string, expression: string): string {
    const name = this.names[placeholder];
    if (name === undefined) {
      throw validation(
        `Invalid ${expression}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    this.used.add(placeholder);
    return name;
  }

  /** @throws DynamoDbError where the request does not define the value. */
  value(placeholder: string, expression: string): AttributeValue {
    const value = this.values[placeholder];
    if (value === undefined) {
      throw validation(
        `Invalid ${expression}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    this.used.add(placeholder);
    return value;
  }

  /** To be called when all expressions of the request are parsed. */
  refuseUnused(): void {
    const refuse = (member: string, defined: readonly string[]): void => {
      const unused = defined.filter((name) => !this.used.has(name));
      if (unused.length > 0) {
        throw validation(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
      }
    };
    refuse('ExpressionAttributeNames', Object.keys(this.names));
    refuse('ExpressionAttributeValues', Object.keys(this.values));
  }

  private static parseNames(raw: unknown): Record<string, string> {
    if (raw === undefined) return {};
    if (!isMap(raw) || Object.keys(raw).length === 0)
      throw validation('ExpressionAttributeNames must not be empty');
    return Object.fromEntries(
      Object.entries(raw).map(([placeholder, name]) => {
        if (!/^#\w+$/.test(placeholder)) {
          throw validation(
            `ExpressionAttributeNames contains invalid key: Syntax error; key: "${placeholder}"`,
          );
        }
        if (typeof name !== 'string' || name === '') {
          throw validation(`ExpressionAttributeNames contains invalid value for key ${placeholder}`);
        }
        return [placeholder, name];
      }),
    );
  }

  private static parseValues(raw: unknown): Record<string, AttributeValue> {
    if (raw === undefined) return {};
    if (!isMap(raw) || Object.keys(raw).length === 0)
      throw validation('ExpressionAttributeValues must not be empty');
    return Object.fromEntries(
      Object.entries(raw).map(([placeholder, value]) => {
        if (!/^:\w+$/.test(placeholder)) {
          throw validation(
            `ExpressionAttributeValues contains invalid key: Syntax error; key: "${placeholder}"`,
          );
        }
        return [placeholder, parseValue(value)];
      }),
    );
  }
}
