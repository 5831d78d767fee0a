import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('park-standby', compose, process.env);
