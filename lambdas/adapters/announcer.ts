import { makeAnnouncer } from '../../clouds/aws/run/announcer.ts';
import type { Announcer } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const announcerOf = (runtime: Runtime): Announcer =>
  makeAnnouncer({ ...runtime.aws, topicArn: runtime.resources.topicArn });
