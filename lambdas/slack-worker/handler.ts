import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('slack-worker', compose, process.env);
