import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('find-approval', compose, process.env);
