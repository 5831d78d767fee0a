import { makeLookAtWorld } from '../../lambdas/look-at-world/look-at-world.ts';
import { MemoryOrders, order, ordersOf } from './orders-helpers.ts';
import { MemoryPipeline, onlyFor, pipelineRun } from './azure-helpers.ts';
import type { Config } from '../../core/config/schema.ts';
import { brokenRun, config, externalConfig, problemsOf, problemsOfBrokenRun, run } from './fixture.ts';
import { callOf, MemoryLog, MemoryRoutes, unavailable, VirtualClock } from './helpers.ts';

function bench(own: Config = config) {
  const clock = new VirtualClock();
  const routes = new MemoryRoutes(null);
  const pipeline = new MemoryPipeline();
  const book = new MemoryOrders();
  const step = makeLookAtWorld({
    ...{ config: own, clock, log: new MemoryLog(), routes, pipeline: onlyFor(pipeline), book },
  });
  return { clock, routes, pipeline, book, step };
}

describe('look-at-world', () => {
  it('asks no pipeline about an external standby: this run can have started none', async () => {
    const { step, pipeline, clock } = bench(externalConfig());
    pipeline.runs.set('run-1', pipelineRun({ state: 'running' }));
    expect(await step({ run }, callOf(clock))).toEqual({
      route: { known: true, origin: 'primary', percentOnStandby: 0, by: null },
      pipeline: { known: true, run: null },
    });
  });

  it('reads what people told this run, and nothing that they told another one', async () => {
    const { step, book, clock } = bench();
    book.orders = ordersOf(order('pause'), order('resume', 60));
    expect(await step({ run }, callOf(clock))).toMatchObject({ orders: book.orders });
    book.orders = { ...book.orders, execution: 'run-2' };
    expect(await step({ run }, callOf(clock))).not.toHaveProperty('orders');
  });

  it('reads the route and the pipeline run of this execution', async () => {
    const { step, pipeline, clock } = bench();
    pipeline.runs.set('run-1', pipelineRun({ state: 'running', url: 'https://dev.example/500' }));
    expect(await step({ run }, callOf(clock))).toEqual({
      route: { known: true, origin: 'primary', percentOnStandby: 0, by: null },
      pipeline: {
        known: true,
        run: {
          name: 'pilotlight-shop-apply-run-1',
          url: 'https://dev.example/500',
          state: 'running',
          result: null,
        },
      },
    });
  });

  it('reads the share that is at home before the others', async () => {
    const { step, routes, clock } = bench();
    routes.route = {
      ...{
        v: 1,
        origin: 'maintenance',
        epoch: 4,
        fence: 7,
        by: 'failback-1',
        at: '2026-03-02T09:00:00.000Z',
      },
      canary: { origin: 'primary', percent: 5 },
    };
    expect(await step({ run }, callOf(clock))).toMatchObject({
      route: { origin: 'maintenance', percentOnStandby: 0, percentOnPrimary: 5, by: 'failback-1' },
    });
  });

  it('says what it cannot read, and waits no longer than people can', async () => {
    const { step, routes, pipeline, clock } = bench();
    const began = clock.now();
    routes.read = () => Promise.reject(unavailable('GetKey'));
    pipeline.find = () => new Promise(() => undefined);
    expect(await step({ run }, callOf(clock))).toEqual({
      route: { known: false, detail: 'GetKey failed: got HTTP 503. It is tried again.' },
      pipeline: { known: false, detail: 'no answer within 20 s' },
    });
    expect(clock.now() - began).toBe(20_000);
  });

  it('names everything that is wrong with its input', async () => {
    expect(await problemsOf(bench().step, { run: brokenRun })).toEqual(problemsOfBrokenRun);
  });
});
