import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('measure-spread', compose, process.env);
