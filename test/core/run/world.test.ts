import type { PipelineRun } from '../../../core/standby/pipeline.ts';
import { everybodyIsOn, pipelineText, routeText, seenPipeline, seenRoute } from '../../../core/run/world.ts';
import type { Route } from '../../../core/route/route.ts';
import { RUN } from './state-fixture.ts';

const route: Route = {
  v: 1,
  origin: 'maintenance',
  epoch: 3,
  fence: 2,
  by: 'execution-1',
  at: '2026-11-22T03:02:16.000Z',
};
const run: PipelineRun = {
  runner: 'azure-devops',
  id: 17,
  name: 'run 17',
  state: 'completed',
  result: 'canceled',
  url: 'https://dev.example/17',
  stages: [],
  waits: null,
  begun: true,
};
const NONE = { known: true, run: null } as const;
const worldWith = (found: Route | null) => ({ route: seenRoute(found), pipeline: NONE });

describe('where the users are', () => {
  it('is the primary where no route was ever written', () => {
    expect(seenRoute(null)).toEqual({ known: true, origin: 'primary', percentOnStandby: 0, by: null });
    expect(routeText(worldWith(null), RUN, false)).toBe('Users are on the primary.');
    expect(everybodyIsOn(worldWith(null), 'primary')).toBe(true);
  });

  it('is told by shares while a share of them is on the standby', () => {
    const share = { ...route, canary: { origin: 'standby', percent: 5 } } as const;
    expect(routeText(worldWith(share), RUN, false)).toBe(
      '5 % of the users are on the standby, the others see the maintenance page.',
    );
    expect(everybodyIsOn(worldWith({ ...share, origin: 'primary' }), 'primary')).toBe(false);
  });

  it('is nowhere known where nothing could be read', () => {
    const unknown = { known: false, detail: 'HTTP 503' } as const;
    expect(everybodyIsOn({ route: unknown, pipeline: NONE }, 'primary')).toBe(false);
    expect(everybodyIsOn(undefined, 'standby')).toBe(false);
    expect(routeText({ route: unknown, pipeline: NONE }, RUN, false)).toBe(
      'Where the users are could not be read (HTTP 503): look first, with "pilotlight status petclinic".',
    );
  });
});

describe('what still runs', () => {
  it('is nothing where this execution started no pipeline run', () => {
    expect(pipelineText({ route: seenRoute(null), pipeline: seenPipeline(null) })).toEqual([]);
  });

  it('says of a run that has ended that what it built stays', () => {
    expect(pipelineText({ route: seenRoute(null), pipeline: seenPipeline(run) })).toEqual([
      'The pipeline run run 17 has ended (canceled); what it built stays and costs money until somebody removes it ' +
        '(docs/procedures.md, "Leave no standby behind").',
    ]);
  });
});
