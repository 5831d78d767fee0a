import { parseDocument, type Document, type YAMLParseError } from 'yaml';
import { InvalidInput } from '../errors.ts';
import { parseConfig } from './parse.ts';
import type { Config } from './schema.ts';

/** What the YAML library says of one place, with its line and column. */
function syntaxProblem(error: YAMLParseError): string {
  // The lines after the first draw an arrow under the place, which the numbers have said already.
  const words = error.message.replace(/:?\n[^]*$/, '');
  return words.replace('; please use YAML.parseAllDocuments()', ', expected one: remove the second "---"');
}

/** @throws InvalidInput where an alias leads nowhere, or a few of them would unfold to a huge document. */
function dataOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new InvalidInput('The configuration', [`got YAML that does not unfold (${words})`]);
  }
}

/**
 * Reads pilotlight.config.yaml.
 * @throws InvalidInput with every syntax error (line and column), or with every problem of the content.
 */
export function readConfig(text: string): Config {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new InvalidInput('The configuration', document.errors.map(syntaxProblem));
  }
  return parseConfig(dataOf(document));
}
