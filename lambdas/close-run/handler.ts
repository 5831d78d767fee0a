import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('close-run', compose, process.env);
