import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { translate } from '../errors.ts';

/** More pages than any account has things to list: an answer that goes on for ever must end somewhere. */
const PAGES_MAX = 200;

/**
 * Reads the pages of a list until one has no successor, or until `enough` says so.
 * @param call Service and operation, for the words of an error.
 * @throws CloudRefused, CloudUnavailable, CloudAnswerUnreadable (also where the pages do not end).
 */
export async function readPages<Page>(
  call: string,
  read: (marker: string | undefined) => Promise<Page>,
  { markerOf, enough = () => false }: PageOptions<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let marker: string | undefined;
  do {
    if (pages.length === PAGES_MAX) throw new CloudAnswerUnreadable(call, [`more than ${PAGES_MAX} pages`]);
    const page = await translated(call, () => read(marker));
    pages.push(page);
    marker = enough(page) ? undefined : markerOf(page);
  } while (marker !== undefined);
  return pages;
}

interface PageOptions<Page> {
  /** What the next page is asked for by; undefined on the last one. */
  readonly markerOf: (page: Page) => string | undefined;
  readonly enough?: (page: Page) => boolean;
}

/** Does a call, and throws what it throws in the controller's own words. */
export async function translated<T>(call: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw translate(call, error);
  }
}
