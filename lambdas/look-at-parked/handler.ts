import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('look-at-parked', compose, process.env);
