import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('hear-orders', compose, process.env);
