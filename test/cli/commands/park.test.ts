import { lambdaService } from '../../../drill/clouds/aws/lambda.ts';
import { recordOf } from '../../../core/standby/parked.ts';
import { makeParkedLedger } from '../../../clouds/aws/standby/parked-ledger.ts';
import { LEDGER_TABLE } from '../../../core/names.ts';
import { holdLease, isoAt, JANE, makeWorld, useNight, type WorldOptions } from '../world.ts';

/*
 * Goal: a person's word about a parked standby is in the ledger before anything else, reaches the controller at once, and is
 * refused where users or a run would suffer.
 */

useNight();
const why = ['--reason', 'monthly exercise'];

function parkedWorld(more: WorldOptions = {}, takes = true) {
  const orders: [string, string, unknown][] = [];
  const lambda = lambdaService({
    invoke: (region, name, payload) => {
      orders.push([region, name, payload]);
      return takes ? Promise.resolve({ result: {} }) : null;
    },
  });
  const config = { 'workloads.petclinic.standby.tier': 'parked' };
  const world = makeWorld({ config, services: [lambda], ...more });
  const records = makeParkedLedger({
    region: 'ap-northeast-1',
    transport: world.network.awsRequestHandler(),
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    tableName: LEDGER_TABLE,
  });
  return { world, orders, records };
}

describe('pilotlight wake and park', () => {
  it.each([
    ['wake', 'awake'],
    ['park', 'parked'],
  ])('%s writes down the word of the person and hands it to the controller', async (word, wanted) => {
    const { world, orders, records } = parkedWorld();
    const ended = await world.run(word, 'petclinic', ...why, '--yes');
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain(
      `The standby of petclinic is to be ${wanted}: the controller does it now.`,
    );
    expect(orders).toEqual([['ap-northeast-1', 'pilotlight-look-at-parked', { workload: 'petclinic' }]]);
    expect(await records.read('petclinic')).toMatchObject({
      ...{ wanted, by: { kind: 'person', name: JANE }, at: isoAt(0), why: 'monthly exercise' },
      parkedSince: null,
    });
    expect(await world.operations.acts('petclinic', 5)).toEqual([
      expect.objectContaining({ kind: word, by: JANE, why: 'monthly exercise', result: 'done' }),
    ]);
  });

  it('tells a program what it did', async () => {
    const { world } = parkedWorld();
    const ended = await world.run('wake', 'petclinic', ...why, '--yes', '--json');
    expect(ended.json()).toEqual({ workload: 'petclinic', wanted: 'awake', at: isoAt(0), atOnce: true });
  });

  it('keeps the word where the controller cannot be reached: the schedule finds it there', async () => {
    const { world, records } = parkedWorld({}, false);
    const ended = await world.run('park', 'petclinic', ...why, '--yes');
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('the standing look does it within a quarter of an hour');
    expect(ended.stderr).toContain('The controller could not be asked at once');
    expect((await records.read('petclinic'))?.wanted).toBe('parked');
  });

  it('asks first, and does nothing without a yes', async () => {
    const { world, orders } = parkedWorld({ typed: ['no'] });
    const ended = await world.run('park', 'petclinic', ...why);
    expect(ended.questions).toEqual([
      'Stop the standby of petclinic? It cannot be woken again for half an hour. Type yes: ',
    ]);
    expect([ended.exit, orders]).toEqual([1, []]);
  });

  it('does not stop a standby that users are on', async () => {
    const { world, orders } = parkedWorld();
    world.setRoute({ origin: 'standby' });
    const ended = await world.run('park', 'petclinic', ...why, '--yes');
    expect(ended.stderr).toContain('cannot be parked: the users are on the standby; nothing was done.');
    world.setRoute({ origin: 'maintenance', canary: { origin: 'standby', percent: 5 } });
    expect((await world.run('park', 'petclinic', ...why, '--yes')).stderr).toContain(
      'a share of the users is on it',
    );
    expect([ended.exit, orders]).toEqual([1, []]);
  });

  it.each(['park', 'wake'])('does not %s while a run is at work, and names it', async (word) => {
    const { world, orders } = parkedWorld();
    await holdLease(world, 'run-7');
    const ended = await world.run(word, 'petclinic', ...why, '--yes');
    expect(ended.stderr).toContain('run-7 is at work on petclinic');
    expect([ended.exit, orders]).toEqual([1, []]);
  });

  it('is for a parked standby only', async () => {
    const ended = await makeWorld().run('park', 'petclinic', ...why, '--yes');
    expect(ended.stderr).toContain('The standby of petclinic is cold, not parked; nothing was done.');
    expect(ended.exit).toBe(1);
  });
});

describe('pilotlight status, about a parked standby', () => {
  const seenAt = (minutesAgo: number, state: 'stopped' | 'running') => ({
    at: isoAt(-60 * minutesAgo),
    ...{ gateway: state, cluster: state, database: state },
  });
  const base = recordOf(null, {
    ...{ wanted: 'parked', by: { kind: 'person', name: JANE }, at: isoAt(-86_400), why: 'over' },
  });

  const lineOf = async (change: object | null) => {
    const { world, records } = parkedWorld();
    if (change !== null) await records.change('petclinic', () => ({ ...base, ...change }));
    const { stdout } = await world.run('status', 'petclinic');
    return stdout.split('\n').find((text) => text.startsWith('  standby ')) ?? '';
  };

  it('says since when it is parked, and when MySQL starts by itself', async () => {
    const line = await lineOf({ seen: seenAt(5, 'stopped'), parkedSince: isoAt(-86_400) });
    expect(line).toContain(
      'parked since 2026-11-22 03:00:00Z, MySQL starts by itself in 29 days; looked at 5 min',
    );
    expect(await lineOf({ seen: seenAt(5, 'stopped'), parkedSince: isoAt(-27 * 86_400) })).toContain(
      'in 3 days: wake it for an exercise before',
    );
  });

  it('says that it is awake without a reason, or who wants it so', async () => {
    const needless = { since: isoAt(-3_600), toldAt: null };
    expect(await lineOf({ seen: seenAt(5, 'running'), needless })).toContain('awake without a reason since');
    expect(await lineOf({ seen: seenAt(5, 'running'), wanted: 'awake' })).toContain(
      'wanted awake by jane since 2026-11-22 03:00:00Z: application gateway running',
    );
  });

  it('says where nobody looks, and nothing of another tier', async () => {
    expect(await lineOf(null)).toContain('nobody has looked at it yet');
    expect(await lineOf({ seen: seenAt(60, 'stopped') })).toContain('does the standing look run?');
    const { stdout } = await makeWorld().run('status', 'petclinic');
    expect(stdout).not.toContain('\n  standby ');
  });

  it('tells a program the same', async () => {
    const { world, records } = parkedWorld();
    await records.change('petclinic', () => ({
      ...base,
      seen: seenAt(5, 'stopped'),
      parkedSince: isoAt(-86_400),
    }));
    const { workloads } = (await world.run('status', 'petclinic', '--json')).json();
    expect((workloads as { parked: unknown }[])[0]?.parked).toMatchObject({
      wanted: 'parked',
      daysToAutoStart: 29,
    });
  });
});
