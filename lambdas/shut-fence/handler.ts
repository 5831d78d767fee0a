import { serve } from '../entry.ts';
import { compose } from './compose.ts';

export const handler = serve('shut-fence', compose, process.env);
