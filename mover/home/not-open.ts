import { MoverError } from '../errors.ts';

/** What is asked of a standby that users were on, and this is none. */
export const notOpen = (): MoverError =>
  new MoverError(
    'refused',
    'NOT_OPENED',
    'this standby is not open for the application: got one that follows the primary, expected one that a failover has opened. Nothing was changed.',
  );
