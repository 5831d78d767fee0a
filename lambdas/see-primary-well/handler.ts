import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('see-primary-well', compose, process.env);
