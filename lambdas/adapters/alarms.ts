import { makeAlarms } from '../../clouds/aws/watch/alarms.ts';
import type { Alarms } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const alarmsOf = (runtime: Runtime): Alarms => makeAlarms(runtime.aws);
