import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('watch-growth', compose, process.env);
