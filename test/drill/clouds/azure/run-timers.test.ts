import { spansOf, type Run, type StagePlan } from '../../../../drill/clouds/azure/azure-devops-run.ts';
import { RunTimers, type StageBegin } from '../../../../drill/clouds/azure/run-timers.ts';
import { useVirtualTime } from '../fixture.ts';

/*
 * Goal: a stage that waits for what another one builds begins its work at that moment, and the world hears of it then.
 */

const INFRASTRUCTURE: StagePlan = {
  ...{ name: 'Infrastructure', startsAfter: [], durationSeconds: 500, outcome: 'succeeded' },
  milestones: [
    { name: 'database', beforeEndSeconds: 100 },
    { name: 'data', beforeEndSeconds: -20 },
  ],
};
const RESTORE: StagePlan = {
  ...{ name: 'Restore', startsAfter: [], durationSeconds: 90, outcome: 'succeeded' },
  waitsFor: { stage: 'Infrastructure', beforeEndSeconds: 100, noticeSeconds: 8, error: 'NOT_BUILT: nothing' },
};

/** A run that is queued now, with an agent at once. */
function follow(stages: readonly StagePlan[], onStageBegin: (begin: StageBegin) => void = () => undefined) {
  const began = Date.now();
  const heard: string[] = [];
  const run: Run = {
    ...{
      id: 1,
      pipelineId: 7,
      parameters: {},
      branch: 'main',
      queuedAt: began,
      provisionalName: '',
      name: '',
    },
    ...{ tags: new Set<string>(), cancelRequestedAt: null },
    plan: { agentWaitSeconds: 0, cancelSeconds: 30, stages },
  };
  const now = (): string => `${Math.round((Date.now() - began) / 1000)}`;
  const timers = new RunTimers({
    onStageBegin,
    onMilestone: ({ name }) => heard.push(`${now()} ${name}`),
    onStageEnd: ({ stage, result }) => heard.push(`${now()} ${stage} ${result}`),
  });
  timers.follow(run);
  const spans = (): (string | number | null)[][] =>
    spansOf(run).map(({ stage, startsAt, endsAt, result }) => [
      ...[stage.name, startsAt === null ? null : (startsAt - began) / 1000, (endsAt - began) / 1000, result],
    ]);
  return { run, timers, heard, spans };
}

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);

describe('a stage that waits for what another one builds', () => {
  useVirtualTime();

  it('begins with the run, and has its own time from the moment that it waits for', () => {
    expect(follow([INFRASTRUCTURE, RESTORE]).spans()).toEqual([
      ['Infrastructure', 0, 500, 'succeeded'],
      ['Restore', 0, 490, 'succeeded'],
    ]);
    // In whatever order they are written.
    expect(follow([RESTORE, INFRASTRUCTURE]).spans()).toHaveLength(2);
  });

  it('begins its work at once where that moment has passed before it could', () => {
    const late = { ...RESTORE, waitsFor: { ...RESTORE.waitsFor!, beforeEndSeconds: 900 } };
    expect(follow([INFRASTRUCTURE, late]).spans()[1]).toEqual(['Restore', 0, 90, 'succeeded']);
  });

  it('gives up a little after the other one has failed, and says why', () => {
    const { run, spans } = follow([{ ...INFRASTRUCTURE, outcome: 'failed' }, RESTORE]);
    expect(spans()).toEqual([
      ['Infrastructure', 0, 500, 'failed'],
      ['Restore', 0, 508, 'failed'],
    ]);
    expect(spansOf(run)[1]?.stage.errors).toEqual(['NOT_BUILT: nothing']);
  });

  it('follows the other one where that takes longer than was planned', async () => {
    const { spans, heard } = follow([INFRASTRUCTURE, RESTORE], ({ stage, replan }) => {
      if (stage.name === 'Infrastructure') replan({ ...stage, durationSeconds: 700 });
    });
    await pass(720);
    expect(spans()[1]).toEqual(['Restore', 0, 690, 'succeeded']);
    expect(heard).toEqual([
      '600 database',
      '690 Restore succeeded',
      '700 Infrastructure succeeded',
      '720 data',
    ]);
  });

  it('refuses a plan in which two stages wait for each other', () => {
    const other = { ...INFRASTRUCTURE, startsAfter: ['Restore'] };
    expect(() => follow([other, RESTORE])).toThrow(/in a circle/);
  });
});

describe('what a stage has reached before its end', () => {
  useVirtualTime();

  it('is told at its moment, once', async () => {
    const { heard, timers, run } = follow([INFRASTRUCTURE]);
    await pass(450);
    timers.follow(run);
    await pass(100);
    expect(heard).toEqual(['400 database', '500 Infrastructure succeeded', '520 data']);
  });

  it('is told at once where a shorter plan has put it into the past', async () => {
    const { heard } = follow([INFRASTRUCTURE], ({ stage, replan }) => {
      replan({ ...stage, durationSeconds: 40 });
    });
    await pass(100);
    expect(heard).toEqual(['0 database', '40 Infrastructure succeeded', '60 data']);
  });

  it('is never told of a stage that fails', async () => {
    const { heard } = follow([{ ...INFRASTRUCTURE, outcome: 'failed' }]);
    await pass(1_000);
    expect(heard).toEqual(['500 Infrastructure failed']);
  });

  it('is not told any more once the run is cancelled', async () => {
    const { heard, run, timers } = follow([INFRASTRUCTURE]);
    await pass(450);
    run.cancelRequestedAt = Date.now();
    timers.follow(run);
    await pass(1_000);
    expect(heard).toEqual(['400 database', '480 Infrastructure canceled']);
  });
});
