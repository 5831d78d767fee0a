import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('scale-standby', compose, process.env);
