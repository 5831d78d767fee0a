import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('confirm-outage', compose, process.env);
