import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('hold-share', compose, process.env);
