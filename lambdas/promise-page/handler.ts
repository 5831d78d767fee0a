import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('promise-page', compose, process.env);
