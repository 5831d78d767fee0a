import { workflow } from '../shape.ts';
import { begin } from './begin.ts';
import { carry, lastData, settle } from './carry.ts';
import { end } from './end.ts';
import { page } from './page.ts';
import { route } from './route.ts';

/** The way home, in the order in which an operator would tell it. */
export const failback = workflow({
  comment:
    'Pilotlight failback: see the primary well, carry the data home while users go on, ask, shield, last data, compare, route home, verify, put the standby away.',
  startAt: 'Begin',
  seconds: 864000,
  states: { ...begin, ...carry, ...page, ...lastData, ...route, ...settle, ...end },
});
