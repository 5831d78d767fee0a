import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('put-away-standby', compose, process.env);
