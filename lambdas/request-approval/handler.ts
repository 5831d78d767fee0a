import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('request-approval', compose, process.env);
