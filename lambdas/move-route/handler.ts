import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('move-route', compose, process.env);
