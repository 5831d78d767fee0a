import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('poll-standby', compose, process.env);
