import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Announcer, Clock, Log } from '../../core/ports.ts';
import { failureText, workflowStateSchema } from '../../core/run/state.ts';
import { announcementOf, recordOf } from '../../core/run/story.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput } from '../step-input.ts';

const inputSchema = z.object({ state: workflowStateSchema });

export interface AnnounceDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly announcer: Announcer;
}

/** Tells people. It needs nothing but the workflow's own state, so it works when the ledger does not. */
export const makeAnnounce =
  (deps: AnnounceDeps): Step =>
  async (raw): Promise<{ announced: true }> => {
    const { state } = readInput('announce', inputSchema, raw);
    const { displayName, url } = workloadOf(deps.config, state.run.workload);
    const record = recordOf(state, iso(deps.clock.now()));
    const { subject, text } = announcementOf(record, { name: displayName, url });
    const unrecorded =
      state.recordFailure === undefined
        ? ''
        : `\n\nThis run could not be written to the ledger: ${failureText(state.recordFailure)}`;
    await deps.announcer.announce({
      subject,
      text: `${text}${unrecorded}`,
      workload: state.run.workload,
      outcome: record.outcome,
    });
    deps.log.info('people were told', { outcome: record.outcome });
    return { announced: true };
  };
