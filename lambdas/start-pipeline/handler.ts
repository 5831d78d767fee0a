import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('start-pipeline', compose, process.env);
