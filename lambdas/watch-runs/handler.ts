import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('watch-runs', compose, process.env);
