import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commands } from '../../cli/commands.ts';
import { EXIT, exitMeanings, type ExitName } from '../../cli/exit.ts';
import { lambdaService } from '../../drill/clouds/aws/lambda.ts';
import { dataWith } from '../core/config-fixture.ts';
import { approvalOf, holdLease, makeWorld, useNight, type World, type WorldOptions } from './world.ts';

/*
 * Goal: every exit status that a help text promises is one that the command can end with, and the other way about: each has
 * a command line here that ends so.
 */

useNight();

interface Case {
  readonly argv: readonly string[];
  readonly world?: WorldOptions;
  readonly before?: (world: World) => unknown;
  /** What stands in broken.yaml. */
  readonly file?: string;
}

const line = (...argv: string[]): Case => ({ argv });
const nothingAnswers: WorldOptions = { fault: () => 'refused' };
const unanswered = (...argv: string[]): Case => ({ argv, world: nothingAnswers });
const why = ['--reason', 'drill'];
const begin = ['failover', 'petclinic', ...why, '--yes', '--no-follow'];
const home = ['failback', 'petclinic', ...why, '--yes', '--no-follow'];
const first = ['init', '--url', 'https://shop.acme.org', '--primary-region', 'eu-west-1', '--yes'];
const note = ['--owner', 'Kim', '--comment', 'seen'];
const hand = ['route', 'set', 'petclinic', 'maintenance', ...why, '--confirm'];

const waiting = (word: 'approve' | 'reject'): Case => ({
  argv: [word, 'petclinic', '--yes'],
  before: (world) => world.approvals.open(approvalOf('run-1'), 'token'),
});
const running = (argv: readonly string[]): Case => ({
  argv,
  before: async (world) => {
    world.addExecution('run-7');
    await holdLease(world, 'run-7');
  },
});
/** A configuration with nothing to warn of but one thing. */
const withWarnings = JSON.stringify(dataWith({ 'workloads.petclinic.policy.cooldownMinutes': 0 }));

/** A parked standby, and a Lambda that takes the order. */
const withParked: WorldOptions = {
  config: { 'workloads.petclinic.standby.tier': 'parked' },
  services: [lambdaService({ invoke: () => Promise.resolve({ result: {} }) })],
};
const parking = (word: 'park' | 'wake'): Partial<Record<ExitName, Case>> => ({
  ok: { argv: [word, 'petclinic', ...why, '--yes'], world: withParked },
  failed: line(word, 'petclinic', ...why, '--yes'),
  usage: line(word, 'petclinic'),
  notFound: line(word, 'shop', ...why, '--yes'),
});

const cases: Readonly<Record<string, Partial<Record<ExitName, Case>>>> = {
  park: parking('park'),
  wake: parking('wake'),
  status: {
    ok: line('status'),
    failed: unanswered('status'),
    usage: line('status', '--speed'),
    notFound: line('status', 'shop'),
  },
  failover: {
    ok: line(...begin),
    failed: unanswered(...begin),
    usage: line('failover', 'petclinic'),
    notFound: line('failover', 'shop', ...why, '--yes'),
  },
  failback: {
    ok: { argv: home, before: (world) => world.setRoute({ origin: 'standby' }) },
    // Users are at home.
    failed: line(...home),
    usage: line('failback', 'petclinic'),
    notFound: line('failback', 'shop', ...why, '--yes'),
  },
  approve: {
    ok: waiting('approve'),
    failed: unanswered('approve', 'petclinic', '--yes'),
    usage: line('approve'),
    notFound: line('approve', 'petclinic', '--yes'),
  },
  reject: {
    ok: waiting('reject'),
    failed: unanswered('reject', 'petclinic', '--yes'),
    usage: line('reject'),
    notFound: line('reject', 'petclinic', '--yes'),
  },
  ...Object.fromEntries(
    (['pause', 'cancel'] as const).map((word) => [
      word,
      {
        ok: running([word, 'petclinic', ...why, '--yes']),
        failed: running([word, 'petclinic', ...why]),
        usage: line(word, 'petclinic'),
        notFound: line(word, 'petclinic', ...why, '--yes'),
      },
    ]),
  ),
  resume: {
    ok: {
      argv: ['resume', 'petclinic', ...why, '--yes'],
      before: async (world) => {
        await running([]).before?.(world);
        await world.run('pause', 'petclinic', ...why, '--yes');
      },
    },
    failed: running(['resume', 'petclinic', ...why, '--yes']),
    usage: line('resume', 'petclinic'),
    notFound: line('resume', 'petclinic', ...why, '--yes'),
  },
  skip: {
    ok: running(['skip', 'petclinic', 'turn', ...why, '--yes']),
    failed: running(['skip', 'petclinic', 'approval', ...why, '--yes']),
    usage: line('skip', 'petclinic', 'lunch', ...why),
    notFound: line('skip', 'petclinic', 'turn', ...why, '--yes'),
  },
  proceed: {
    ok: {
      argv: ['proceed', 'petclinic', ...why, '--yes'],
      before: async (world) => {
        world.addExecution('run-7', { input: '{"workload":"petclinic","planned":true}' });
        await holdLease(world, 'run-7');
      },
    },
    failed: running(['proceed', 'petclinic', ...why, '--yes']),
    usage: line('proceed', 'petclinic'),
    notFound: line('proceed', 'petclinic', ...why, '--yes'),
  },
  stop: {
    ok: running(['stop', 'run-7', ...why, '--yes']),
    failed: running(['stop', 'run-7', ...why]),
    usage: line('stop', 'run-7'),
    notFound: line('stop', 'run-8', ...why, '--yes'),
  },
  history: {
    ok: line('history', 'petclinic'),
    failed: unanswered('history', 'petclinic'),
    usage: line('history', 'petclinic', '--limit', '0'),
    notFound: line('history', 'shop'),
  },
  show: {
    ok: running(['show', 'run-7']),
    failed: unanswered('show', 'run-7'),
    usage: line('show', 'no name'),
    notFound: line('show', 'run-8'),
  },
  brake: {
    ok: line('brake', 'on', 'petclinic', ...why, '--owner', 'Kim'),
    failed: unanswered('brake', 'on', 'petclinic', ...why, '--owner', 'Kim'),
    usage: line('brake', 'half', 'petclinic', ...why, '--owner', 'Kim'),
    notFound: line('brake', 'on', 'shop', ...why, '--owner', 'Kim'),
  },
  acknowledge: {
    ok: line('acknowledge', 'petclinic', ...note),
    failed: unanswered('acknowledge', 'petclinic', ...note),
    usage: line('acknowledge', 'petclinic'),
    notFound: line('acknowledge', 'shop', ...note),
  },
  'route show': {
    ok: line('route', 'show', 'petclinic'),
    failed: unanswered('route', 'show', 'petclinic'),
    usage: line('route', 'show'),
    notFound: line('route', 'show', 'shop'),
  },
  'route set': {
    ok: line(...hand, 'petclinic'),
    failed: line(...hand, 'shop'),
    usage: line('route', 'set', 'petclinic', 'moon', ...why),
    notFound: line('route', 'set', 'shop', 'maintenance', ...why),
  },
  init: {
    // Without anything that answers it writes examples.
    ok: unanswered(...first, '--config', 'new.yaml'),
    failed: line(...first),
    usage: line('init', '--config', 'new.yaml', '--yes'),
  },
  'config check': {
    ok: line('config', 'check'),
    usage: { argv: ['config', 'check', 'broken.yaml'], file: 'version: 2' },
    notFound: line('config', 'check', 'nowhere.yaml'),
    warnings: { argv: ['config', 'check', 'broken.yaml', '--strict'], file: withWarnings },
  },
  completion: {
    ok: line('completion', 'bash'),
    usage: line('completion', 'tcsh'),
  },
};

const every = commands.flatMap(({ name }) =>
  Object.entries(cases[name] ?? {}).map(([exit, one]) => [name, exit as ExitName, one] as const),
);

describe('exit statuses', () => {
  it.each(commands.map(({ name, exits }) => [name, exits] as const))(
    'of "%s" in its help are those that it was seen to end with',
    (name, exits) => {
      expect(Object.keys(exits)).toEqual(Object.keys(cases[name] ?? {}));
    },
  );

  it.each(every)('of "%s": it ends as %s where its help says so', async (_name, exit, one) => {
    const world = makeWorld(one.world);
    await one.before?.(world);
    const ended = await world.runWithFile(one.file ?? '', ...one.argv);
    expect(ended.exit).toBe(EXIT[exit]);
  });

  it.each(every)('of "%s" stand in its help: %s', async (name, exit) => {
    const { stdout } = await makeWorld().run(...name.split(' '), '--help');
    const words = commands.find((command) => command.name === name)?.exits[exit] ?? 'nothing';
    expect(stdout.split('Exit status\n')[1]).toContain(`  ${EXIT[exit]}  ${words}\n`);
  });

  it('are 2 and not 1 for a wrong configuration, whatever the command', async () => {
    for (const argv of [['status'], ['config', 'check'], begin]) {
      const ended = await makeWorld().runWithFile('version: 2', ...argv, '--config', 'broken.yaml');
      expect(ended.exit).toBe(2);
    }
  });

  it('are 3 where the configuration is missing', async () => {
    expect((await makeWorld().run('status', '--config', 'nowhere.yaml')).exit).toBe(3);
  });

  it('are 2 for a Region of --region that AWS does not have', async () => {
    const ended = await makeWorld().run('status', '--region', 'ap-northeast-9');
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain(
      '--region: got "ap-northeast-9", expected an AWS Region such as ap-northeast-2; did you mean "ap-northeast-1"',
    );
  });

  it('have one table, which docs/cli.md repeats', () => {
    const docs = readFileSync(path.join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
    const rows = [...docs.matchAll(/^\| (?<status>\d) +\| (?<meaning>[^|]+?) +\|$/gm)].map(({ groups }) => [
      Number(groups?.['status']),
      groups?.['meaning']?.replaceAll('`', ''),
    ]);
    expect(rows).toEqual((Object.keys(EXIT) as ExitName[]).map((name) => [EXIT[name], exitMeanings[name]]));
  });
});

describe('pilotlight config check --strict', () => {
  it('names each danger, and leaves the decision to whoever reads it', async () => {
    const world = makeWorld();
    const shown = await world.runWithFile(withWarnings, 'config', 'check', 'broken.yaml');
    expect(shown.exit).toBe(0);
    expect(shown.stdout).toContain('3 warnings: allowed, and dangerous');
    expect(shown.stdout).toContain(
      '- workloads.petclinic.policy.cooldownMinutes: got 0: an alarm that flaps starts run after run, ' +
        'and users go back and forth. Safer: 60\n',
    );
  });

  it('gives a program problems and warnings', async () => {
    const ended = await makeWorld().runWithFile(
      withWarnings,
      'config',
      'check',
      'broken.yaml',
      '--strict',
      '--json',
    );
    expect(ended.exit).toBe(4);
    expect(ended.json()).toMatchObject({ valid: true, problems: [], workloads: ['petclinic'] });
    const { warnings } = ended.json() as { warnings: string[] };
    expect(warnings.map((warning) => warning.split(':')[0])).toEqual([
      'controller',
      'workloads.petclinic',
      'workloads.petclinic.policy.cooldownMinutes',
    ]);
  });

  it('ends with 0 where there is nothing to warn of', async () => {
    const own = dataWith({
      'controller.account': '210987654321',
      'controller.onCall': ['on-call@petclinic.shop'],
      'workloads.petclinic.url': 'https://petclinic.shop',
      'workloads.petclinic.primary.domainName': 'alb.petclinic.shop',
      'workloads.petclinic.primary.loadBalancer': 'app/petclinic/8f3a1b2c4d5e6f70',
      'workloads.petclinic.primary.targetGroup': 'targetgroup/petclinic/9a4b2c3d5e6f7081',
      'workloads.petclinic.standby.azure.tenantId': '9c0f4a7e-2f0b-4a58-9d4e-0f6c1f2f8a01',
      'workloads.petclinic.standby.azure.subscriptionId': '5b1d7c3a-6a0e-4f57-8a4f-2f6a9e1d7b02',
      'workloads.petclinic.standby.azure.clientId': '7e2a9b4c-1c3d-4e5f-9a6b-8c7d6e5f4a03',
      'workloads.petclinic.edge.distributionId': 'E1QXV9T7WTZ0AB',
      'workloads.petclinic.edge.keyValueStoreArn':
        'arn:aws:cloudfront::210987654321:key-value-store/4d3c2b1a-5678-4abc-8def-0f1e2d3c4b5a',
      'workloads.petclinic.edge.stack.hostedZone': { id: 'Z0812345ABCDEF', name: 'petclinic.shop' },
    });
    const ended = await makeWorld().runWithFile(
      JSON.stringify(own),
      'config',
      'check',
      'broken.yaml',
      '--strict',
    );
    expect([ended.exit, ended.stdout.includes('warning')]).toEqual([0, false]);
  });
});
