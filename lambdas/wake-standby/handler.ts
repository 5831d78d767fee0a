import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('wake-standby', compose, process.env);
