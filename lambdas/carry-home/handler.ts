import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('carry-home', compose, process.env);
