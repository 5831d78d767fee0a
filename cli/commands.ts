import type { Command } from './command.ts';
import { acknowledge } from './commands/acknowledge.ts';
import { approve } from './commands/approve.ts';
import { brake } from './commands/brake.ts';
import { completion } from './commands/completion.ts';
import { configCheck } from './commands/config-check.ts';
import { failback } from './commands/failback.ts';
import { failover } from './commands/failover.ts';
import { history } from './commands/history.ts';
import { init } from './commands/init.ts';
import { park, wake } from './commands/park.ts';
import { reject } from './commands/reject.ts';
import { routeSet } from './commands/route-set.ts';
import { routeShow } from './commands/route-show.ts';
import { show } from './commands/show.ts';
import { status } from './commands/status.ts';
import { cancel, pause, proceed, resume, skip } from './commands/steer.ts';
import { stop } from './commands/stop.ts';

/** All commands, in the order in which one needs them at 3 a.m. */
export const commands: readonly Command[] = [
  status,
  failover,
  failback,
  approve,
  reject,
  pause,
  resume,
  skip,
  cancel,
  proceed,
  stop,
  history,
  show,
  brake,
  acknowledge,
  park,
  wake,
  routeShow,
  routeSet,
  init,
  configCheck,
  completion(() => commands),
];
