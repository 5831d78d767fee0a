import { noteWait, waitMessage } from '../../../core/standby/waiting.ts';
import type { PipelineRun, PipelineWait } from '../../../core/standby/pipeline.ts';

const NOW = Date.parse('2026-11-22T03:00:00.000Z');
const run = (waits: PipelineWait | null): PipelineRun => ({
  runner: 'azure-devops',
  id: 4711,
  name: 'pilotlight-petclinic-apply-run-1',
  state: 'running',
  result: null,
  url: 'https://dev.azure.com/example/example/_build/results?buildId=4711',
  stages: [],
  waits,
  begun: false,
});
const PERMISSION = run({ for: 'permission', stage: 'Infrastructure' });

describe('a run that waits', () => {
  it.each([
    ['permission', 14, false],
    ['permission', 15, true],
    ['approval', 15, true],
    ['check', 44, false],
    ['check', 45, true],
    ['agent', 149, false],
    ['agent', 150, true],
  ] as const)('for %s is told after %i s: %s', (reason, seconds, tell) => {
    const waiting = run({ for: reason, stage: null });
    const first = noteWait(waiting, null, NOW);
    expect(first).toEqual({
      seen: { for: reason, since: '2026-11-22T03:00:00.000Z', told: false },
      tell: false,
    });
    expect(noteWait(waiting, first.seen, NOW + seconds * 1000).tell).toBe(tell);
  });

  it('is told once', () => {
    const seen = { for: 'permission', since: '2026-11-22T03:00:00.000Z', told: true } as const;
    expect(noteWait(PERMISSION, seen, NOW + 600_000)).toEqual({ seen, tell: false });
  });

  it('is told again where it waits for something else', () => {
    const before = { for: 'agent', since: '2026-11-22T02:50:00.000Z', told: true } as const;
    const first = noteWait(PERMISSION, before, NOW);
    expect(first.seen).toEqual({ for: 'permission', since: '2026-11-22T03:00:00.000Z', told: false });
    expect(noteWait(PERMISSION, first.seen, NOW + 20_000).tell).toBe(true);
  });

  it('is forgotten when it goes on', () => {
    const seen = { for: 'permission', since: '2026-11-22T03:00:00.000Z', told: true } as const;
    expect(noteWait(run(null), seen, NOW)).toEqual({ seen: null, tell: false });
  });

  it('is told with meaning, next step and address', () => {
    expect(waitMessage(PERMISSION, { name: 'PetClinic', url: 'https://petclinic.example.com' })).toEqual({
      subject: "[Pilotlight] PetClinic: the standby's pipeline waits for a person",
      text:
        'PetClinic (https://petclinic.example.com): the pipeline run pilotlight-petclinic-apply-run-1 that builds the standby ' +
        'waits for a permission: the pipeline was never permitted to use a service connection or an environment (stage ' +
        'Infrastructure).\n\nOpen the run and press Permit; then it goes on: ' +
        'https://dev.azure.com/example/example/_build/results?buildId=4711\n\nThe failover goes on as soon as the run does; ' +
        'its limit is limits.pipelineSeconds.',
    });
  });
});
