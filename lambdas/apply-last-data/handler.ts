import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('apply-last-data', compose, process.env);
