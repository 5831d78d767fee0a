import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('verify-route', compose, process.env);
