import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('schedule-looks', compose, process.env);
