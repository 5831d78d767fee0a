import { makeWorld, useNight } from './world.ts';

useNight();

const names = [
  'status',
  'failover',
  'failback',
  'approve',
  'reject',
  'pause',
  'resume',
  'skip',
  'cancel',
  'proceed',
  'stop',
  'history',
  'show',
  'brake',
  'acknowledge',
  'route show',
  'route set',
  'init',
  'config check',
  'completion',
];

describe('the command line', () => {
  it('shows its commands without one, and with --help', async () => {
    const bare = await makeWorld().run();
    expect(bare).toMatchObject({ exit: 0, stderr: '' });
    expect(bare.stdout).toMatchSnapshot();
    expect((await makeWorld().run('--help')).stdout).toBe(bare.stdout);
  });

  it.each(names)('explains "%s", with examples that are commands themselves', async (name) => {
    const { exit, stdout } = await makeWorld().run(...name.split(' '), '--help');
    expect(exit).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect(stdout).toMatch(new RegExp(`Examples\n(?:  .*pilotlight ${name}.*\n)+`));
  });

  it('lists every mistake at once', async () => {
    const ended = await makeWorld().run('brake', 'half', '--owner', '--yes', '--speed');
    expect(ended.exit).toBe(2);
    expect(ended.stderr.split('\n')).toEqual([
      '- --owner: got "--yes", expected NAME; write --owner=--yes if that is the value',
      '- got the unknown option --speed, expected one of --reason, --owner, --config, --profile, --region, --json, --help',
      '- --reason: got nothing, expected TEXT: why; it is shown in every message',
      '- state: got "half", expected on or off',
      '- workload: got nothing, expected id of the workload',
      'See pilotlight brake --help',
      '',
    ]);
  });

  it.each([
    [['nope'], 'got the command "nope", expected one of status, failover'],
    [['route'], 'got "route", expected one of route show, route set'],
    [['route', 'get'], 'got "route get", expected one of route show, route set'],
    [['--region', 'status'], 'got the option --region first, expected a command before it'],
    [['status', '--json=1'], '--json: got the value "1", expected none'],
    [['status', '--config='], '--config: got nothing, expected FILE'],
  ])('refuses %j', async (argv, text) => {
    const ended = await makeWorld().run(...argv);
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain(text);
  });

  it('gives a program its mistakes as a document too', async () => {
    const ended = await makeWorld().run('status', 'shop', '--json');
    expect(ended).toMatchObject({ exit: 3, stderr: '' });
    expect(ended.json()).toEqual({
      error: {
        exit: 3,
        message: 'There is no workload "shop" in the configuration.',
        next: 'It has: petclinic',
      },
    });
  });

  it('says where it looked for the configuration', async () => {
    const ended = await makeWorld().run('status', '--config', 'elsewhere.yaml');
    expect(ended.exit).toBe(3);
    expect(ended.stderr).toContain('got no readable configuration at "elsewhere.yaml": ENOENT');
    expect(ended.stderr).toContain('name it with --config FILE');
  });

  it('asks the Region that it is told, instead of the configured one', async () => {
    const world = makeWorld({ config: { 'controller.region': 'eu-west-1' } });
    const words = ['brake', 'on', 'petclinic', '--reason', 'x', '--owner', 'Kim'];
    expect((await world.run(...words, '--region', 'ap-northeast-1')).exit).toBe(0);
    expect(world.item('brake')).toMatchObject({ on: { BOOL: true } });
  });
});

describe('pilotlight config check', () => {
  it('accepts the shipped configuration and says what is in it', async () => {
    const ended = await makeWorld().run('config', 'check');
    expect(ended).toMatchObject({ exit: 0, stderr: '' });
    expect(ended.stdout).toContain('pilotlight.config.yaml: valid');
    expect(ended.stdout).toContain('petclinic  https://petclinic.example.com  cold');
  });

  it('needs no cloud', async () => {
    expect((await makeWorld({ fault: () => 'refused' }).run('config', 'check')).exit).toBe(0);
  });

  it('lists everything that is wrong', async () => {
    const world = makeWorld();
    const broken = 'version: 2\ncontroller: {}\nworkloads: {}\n';
    const ended = await world.runWithFile(broken, 'config', 'check', 'broken.yaml', '--json');
    expect(ended.exit).toBe(2);
    expect(ended.json()).toMatchObject({ file: 'broken.yaml', valid: false, warnings: [], workloads: [] });
    const { problems } = ended.json() as { problems: string[] };
    expect(problems).toEqual(
      expect.arrayContaining([
        'version: got 2, expected 1',
        'controller.region: got nothing, expected string',
        'workloads: got {}, expected at least one workload',
      ]),
    );
    const shown = await world.runWithFile(broken, 'config', 'check', 'broken.yaml');
    expect([shown.exit, shown.stdout.includes('- version: got 2, expected 1')]).toEqual([2, true]);
  });

  it('does not find a file that is not there', async () => {
    expect((await makeWorld().run('config', 'check', 'nowhere.yaml')).exit).toBe(3);
  });

  it('keeps every other command from acting on a broken configuration', async () => {
    const ended = await makeWorld().runWithFile('version: 2\n', 'status', '--config', 'broken.yaml');
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain('pilotlight config check');
  });
});
