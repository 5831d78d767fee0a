import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('cancel-pipeline', compose, process.env);
