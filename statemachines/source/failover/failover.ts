import { workflow } from '../shape.ts';
import { cancel } from './cancel.ts';
import { confirm } from './confirm.ts';
import { door } from './door.ts';
import { end } from './end.ts';
import { home } from './home.ts';
import { move } from './move.ts';
import { plannedMove } from './planned.ts';
import { prepare } from './prepare.ts';
import { switching } from './switch.ts';

/** The failover, in the order in which an operator would tell it. */
export const failover = workflow({
  comment:
    'Pilotlight failover: confirm the outage, shield the users, start the standby, switch the route, verify, record.',
  startAt: 'Begin',
  seconds: 864000,
  states: {
    ...{ ...door, ...confirm, ...plannedMove, ...prepare, ...move },
    ...{ ...home, ...cancel, ...switching, ...end },
  },
});
