import type { Compose } from '../runtime.ts';
import { makeBegin } from './begin.ts';

export const compose: Compose = (runtime) => makeBegin({ config: runtime.config, log: runtime.log });
