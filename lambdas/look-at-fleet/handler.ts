import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('look-at-fleet', compose, process.env);
