import { DataNotHome, GateShut, type PilotlightError } from '../errors.ts';
import {
  gateNames,
  type Gates,
  type HomeAnswer,
  type HomeResult,
  type HomeTask,
  type SideState,
} from './home.ts';
import { ageText } from './words.ts';

/* What the sides of the way home say, for people; and what a rehearsal on paper says in their place. */

const GATE_WORDS = {
  healthy: 'the database of the primary is healthy',
  noForeignWrites: 'nobody has written to the primary',
  noLongTransactions: 'no long transaction is open on the primary',
  room: 'the primary has room for the data twice',
} as const satisfies Record<(typeof gateNames)[number], string>;

/** The gates that are shut, each with what was got and expected. */
function shutText({ gates }: Gates): string {
  return gateNames
    .filter((name) => gates[name].state === 'shut')
    .map((name) => `${GATE_WORDS[name]} (${name}): got ${gates[name].got}, expected ${gates[name].expected}`)
    .join('; ');
}

/** What an answer means that is not what was wanted; null where it is. */
export function answerFault(task: HomeTask, answer: HomeAnswer, workload: string): PilotlightError | null {
  const again = `pilotlight failback ${workload} --reason ...`;
  if (answer.outcome === 'failed') {
    return new DataNotHome(
      `"${task.what}" failed on the way home: ${answer.code}: ${answer.detail.replace(/\.$/, '')}. ` +
        `docs/backup-system.md, "The way home", says what to do about ${answer.code}; then begin again: ${again}`,
    );
  }
  const { result } = answer;
  if (result.what !== task.what) {
    return new DataNotHome(
      `"${task.what}" was answered with "${result.what}": controller and mover are of different versions. Update the mover, then begin again: ${again}`,
    );
  }
  if (result.what !== 'gates' || result.open) return null;
  return new GateShut(
    `A gate of the way home is shut: ${shutText(result)}. When it is open, begin again: ${again}`,
  );
}

/** What a side says of itself. @param now ISO 8601 */
export function sideText(side: SideState | null, now: string): string {
  if (side === null) return 'it never said anything';
  const ago = ageText((Date.parse(now) - Date.parse(side.at)) / 1000);
  if (side.fault !== null) return `it said ${ago} ago: ${side.fault.code}: ${side.fault.detail}`;
  return side.busy === null ? `it was idle ${ago} ago` : `it was busy with "${side.busy.what}" ${ago} ago`;
}

const NEVER = '20000101T000000Z';
const OPEN_GATE = { state: 'unknown', asked: 'nothing', got: 'a dry run', expected: 'nothing' } as const;

/** What a rehearsal on paper goes on with: nothing was asked for and nothing was done. */
export function resultOnPaper({ what }: HomeTask): HomeResult {
  switch (what) {
    case 'dump':
      return { what, dump: NEVER, gtidSet: '', changed: null, whole: null, plainBytes: 0, seconds: 0 };
    case 'figures':
      return { what, at: '2000-01-01T00:00:00Z', gtidSet: '', tables: 0, rows: 0, blob: 'none' };
    case 'orphans':
      return { what, folder: 'none', manifest: NO_ORPHANS };
    case 'gates':
      return {
        ...{ what, open: true },
        gates: {
          healthy: OPEN_GATE,
          noForeignWrites: OPEN_GATE,
          noLongTransactions: OPEN_GATE,
          room: OPEN_GATE,
        },
      };
    case 'load':
      return { what, dump: NEVER, isLast: false, changed: null, tables: 0, bytes: 0, seconds: 0 };
    case 'verify':
      return { what, tables: 0, rows: 0 };
    case 'settle':
      return { what, eventsWoken: 0, dump: NEVER };
    case 'discard':
      return { what };
    case 'equal':
      return { what, at: '2000-01-01T00:00:00Z' };
    case 'follow':
      return { what, dump: NEVER };
  }
}

const NO_ORPHANS: Extract<HomeResult, { what: 'orphans' }>['manifest'] = {
  ...{ schemaVersion: 1, workload: 'none', exportedAt: '2000-01-01T00:00:00Z', openedFor: 'a dry run' },
  ...{ primaryGtidSet: 'none', standbyGtidSet: '', gtidSet: '', missing: '', transactions: 0 },
  ...{ tables: [], statements: 0, firstCommitAt: null, lastCommitAt: null, files: [] },
};
