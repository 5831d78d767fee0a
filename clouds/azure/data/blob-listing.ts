import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { childOf, childrenOf, readXml, type XmlElement } from '../../xml-document.ts';

/** One page of a list. `next` is empty on the last one. Lengths in bytes. */
export interface Listing {
  readonly blobs: readonly { readonly name: string; readonly length: number }[];
  readonly prefixes: readonly string[];
  readonly next: string;
}

const textOf = (element: XmlElement | undefined, name: string): string | undefined =>
  element === undefined ? undefined : childOf(element, name)?.text;

/** Reads the answer of List Blobs. Source: Azure Storage services REST API, "List Blobs". @throws CloudAnswerUnreadable */
export function readListing(call: string, text: string): Listing {
  const root = readXml(call, text);
  const container = childOf(root, 'Blobs');
  if (root.name !== 'EnumerationResults' || container === undefined) {
    throw new CloudAnswerUnreadable(call, [`got <${root.name}>, expected <EnumerationResults> with <Blobs>`]);
  }
  return {
    blobs: childrenOf(container, 'Blob').map((blob) => {
      const name = textOf(blob, 'Name') ?? '';
      const length = textOf(childOf(blob, 'Properties'), 'Content-Length') ?? '';
      if (name !== '' && /^\d{1,15}$/.test(length)) return { name, length: Number(length) };
      throw new CloudAnswerUnreadable(call, [
        `a blob: got the name "${name}" and the length "${length}", expected both`,
      ]);
    }),
    prefixes: childrenOf(container, 'BlobPrefix').map((prefix) => textOf(prefix, 'Name') ?? ''),
    next: textOf(root, 'NextMarker') ?? '',
  };
}
