import type { Config } from '../../core/config/schema.ts';
import { makePutAwayStandby } from '../../lambdas/put-away-standby/put-away-standby.ts';
import { MemoryPipeline, MemoryStandby, onlyFor } from './azure-helpers.ts';
import {
  brokenRun,
  config,
  configWith,
  externalConfig,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
} from './fixture.ts';
import { callOf, MemoryLog, VirtualClock } from './helpers.ts';
import { homeLedger, homeRun } from './home-helpers.ts';
import { allOf, MemoryParked, MemoryPower, parkedConfig } from './power-helpers.ts';

/*
 * Goal: once users are home nobody pays for a standby that nobody is on, by whatever its tier has.
 */

const warm = (idle: number): Config =>
  configWith((shop) => {
    Object.assign(shop.standby, { tier: 'warm', warmIdleNodeCount: idle });
  });

function bench(own: Config) {
  const clock = new VirtualClock();
  const parts = { clock, log: new MemoryLog(), ledger: homeLedger(), records: new MemoryParked() };
  const power = new MemoryPower();
  power.states = allOf('running');
  const standby = new MemoryStandby();
  standby.nodeCount = 3;
  const pipeline = new MemoryPipeline();
  const step = makePutAwayStandby({
    ...{ ...parts, config: own, power: onlyFor(power) },
    ...{ standby: onlyFor(standby), demolition: onlyFor(pipeline) },
  });
  const put = (more: object = {}, seconds = 60) =>
    step({ run: homeRun, lease, ...more }, callOf(clock, seconds));
  const untouched = () => [power.asked, standby.nodeCount, pipeline.started, parts.records.record];
  return { ...parts, power, standby, pipeline, step, put, untouched };
}
const UNTOUCHED = [[], 3, [], null];

describe('put-away-standby', () => {
  it('destroys a cold standby, by the pipeline that has built it and once', async () => {
    const at = bench(config);
    const detail =
      'it is being destroyed by the pipeline run pilotlight-shop-apply-failback-1: https://dev.azure.com/shop/shop/_build/results?buildId=500';
    expect(await at.put()).toEqual({ detail });
    expect(await at.put()).toEqual({ detail });
    expect(at.pipeline.started).toEqual([
      {
        ...{ action: 'destroy', workload: 'shop', correlationId: 'failback-1', tier: 'cold' },
        replaceData: 'true',
      },
    ]);
    expect([at.power.asked, at.standby.nodeCount]).toEqual([[], 3]);
  });

  it('stops a parked standby, and notes that it shall stay so', async () => {
    const at = bench(parkedConfig());
    expect(await at.put()).toEqual({
      detail:
        'application gateway: is being stopped, kubernetes cluster: is being stopped, database: is being stopped',
    });
    expect(at.power.asked).toEqual(['stop gateway', 'stop cluster', 'stop database']);
    expect(at.records.record).toMatchObject({
      ...{ wanted: 'parked', by: { kind: 'run', name: 'failback-1' }, why: 'the users are home' },
    });
    expect(at.pipeline.started).toEqual([]);
  });

  it.each([
    [1, 'it shrinks to 1 node'],
    [2, 'it shrinks to 2 nodes'],
  ])('shrinks a warm standby to the %d nodes of an idle one', async (idle, detail) => {
    const at = bench(warm(idle));
    expect(await at.put()).toEqual({ detail });
    expect(at.standby.nodeCount).toBe(idle);
    expect([at.power.asked, at.pipeline.started]).toEqual([[], []]);
  });

  it('leaves alone what is somebody else’s', async () => {
    const at = bench(externalConfig());
    expect(await at.put()).toEqual({ detail: 'the standby is somebody else’s, and stays as it is' });
    expect(at.untouched()).toEqual(UNTOUCHED);
  });

  it.each([
    ['cold', config],
    ['parked', parkedConfig()],
    ['warm', warm(1)],
  ])(
    'touches nothing in a rehearsal on paper, without its lease, or where it may not finish: %s',
    async (_, own) => {
      const at = bench(own);
      expect(await at.put({ run: { ...homeRun, dryRun: true } })).toEqual({
        detail: 'dry run: the standby stays as it is',
      });
      expect((await refusalOf(at.put({}, 29))).name).toBe('TooLittleTime');
      at.ledger.holder = 'run-2';
      expect((await refusalOf(at.put())).name).toBe('LeaseLost');
      expect(at.untouched()).toEqual(UNTOUCHED);
    },
  );

  it('names everything that is wrong with its input', async () => {
    expect(await problemsOf(bench(config).step, { run: brokenRun, lease })).toEqual(problemsOfBrokenRun);
  });
});
