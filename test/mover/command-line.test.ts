import { helpText, readCommandLine } from '../../mover/command-line.ts';
import { MoverError } from '../../mover/errors.ts';

const store = [
  ...['--workload', 'petclinic', '--store', 'https://stpetclinicdata.blob.core.windows.net'],
  ...['--identity', 'workload-identity'],
];
const database = ['--host', 'db', '--user', 'mover', '--password-file', '/mnt/password'];

const COMMANDS = [
  ...(['dump', 'ship', 'apply', 'verify', 'prove'] as const),
  ...(['orphans', 'gates', 'home', 'serve-home', 'status'] as const),
];

const mistakesOf = (argv: readonly string[]): string => {
  try {
    readCommandLine(argv);
  } catch (error) {
    if (error instanceof MoverError && error.failure === 'usage') return error.message;
    throw error;
  }
  return '';
};

describe('the command line of the mover', () => {
  it('reads what it takes, with its defaults', () => {
    const asked = readCommandLine(['ship', ...store, ...database]);
    expect(asked).toMatchObject({
      kind: 'run',
      command: 'ship',
      options: {
        workload: 'petclinic',
        port: 3306,
        jobs: 4,
        'ssl-mode': 'VERIFY_IDENTITY',
        work: '/var/lib/pilotlight-mover',
      },
    });
  });

  it('tells every mistake at once', () => {
    const said = mistakesOf([
      'ship',
      '--wrkload',
      'petclinic',
      '--every',
      '600',
      ...store.slice(2),
      ...database,
    ]);
    expect(said).toContain('got --wrkload, which ship does not take; did you mean "workload"?');
    expect(said).toContain('--workload is missing');
    expect(said).toContain('--every: got "600"');
  });

  it.each([
    [
      'neither way to log in',
      ['dump', ...store, '--host', 'db'],
      'expected either --secret-arn, or --user and --password-file',
    ],
    [
      'a role without its ids',
      ['status', ...store.slice(0, 4), '--identity', 'aws-role'],
      '--tenant-id is missing, which --identity aws-role needs',
    ],
    [
      'an http store',
      ['status', ...store.slice(0, 2), '--store', 'http://x', ...store.slice(4)],
      'an https address of a storage account',
    ],
    [
      'an application without its password',
      ['apply', ...store, ...database, '--application-user', 'app'],
      '--application-user and --application-password-file go together',
    ],
    [
      'an unknown command',
      ['restore'],
      'got the command "restore", expected one of dump, ship, apply, verify, prove, orphans, gates, home, serve-home, status',
    ],
  ])('refuses %s', (_, argv, words) => {
    expect(mistakesOf(argv)).toContain(words);
  });

  it('takes a role with its ids and its Region, and a secret with its Region', () => {
    const id = '01234567-89ab-cdef-0123-456789abcdef';
    const role = ['--identity', 'aws-role', '--tenant-id', id, '--client-id', id, '--region', 'us-east-1'];
    expect(mistakesOf(['status', ...store.slice(0, 4), ...role])).toBe('');
    expect(mistakesOf(['dump', ...store.slice(0, 4), ...role, '--host', 'db', '--secret-arn', 'arn:x'])).toBe(
      '',
    );
    expect(
      mistakesOf([
        'apply',
        ...store,
        ...database,
        '--application-user',
        'app',
        '--application-password-file',
        'f',
      ]),
    ).toBe('');
  });

  it.each([
    [
      'both ways to log in',
      ['dump', ...store, ...database, '--secret-arn', 'arn:x', '--region', 'r'],
      'expected either --secret-arn, or --user and --password-file',
    ],
    [
      'a user without a password',
      ['dump', ...store, ...database.slice(0, 4)],
      'expected either --secret-arn, or --user and --password-file',
    ],
    [
      'a secret without its Region',
      ['dump', ...store, '--host', 'db', '--secret-arn', 'arn:x'],
      '--region is missing, which --secret-arn needs',
    ],
    [
      'a password without its application',
      ['apply', ...store, ...database, '--application-password-file', 'f'],
      '--application-user and --application-password-file go together',
    ],
    [
      'a role without its client',
      ['status', ...store.slice(0, 4), '--identity', 'aws-role', '--region', 'r'],
      '--client-id is missing, which --identity aws-role needs',
    ],
    [
      'a word that belongs to nothing',
      ['status', ...store, 'now'],
      'got "now", expected an option that begins with --',
    ],
    [
      'two ends of the way home at once',
      ['home', ...store, ...database, '--settle', '--discard'],
      '--settle and --discard exclude each other',
    ],
    [
      'changes since a dump that is not for the way home',
      ['dump', ...store, ...database, '--since', '20261127T030000Z'],
      '--since is for dumps with --home',
    ],
    [
      'words behind a double dash',
      ['status', ...store, '--', 'now'],
      'got "now", expected an option that begins with --',
    ],
    [
      'the name of a property of every object',
      ['constructor'],
      'got the command "constructor", expected one of dump, ship, apply, verify, prove, orphans, gates, home, serve-home, status',
    ],
    ['a command that is nearly one', ['dmup'], 'did you mean "dump"?'],
  ])('refuses %s, too', (_, argv, words) => {
    expect(mistakesOf(argv)).toContain(words);
  });

  it('tells of a wrong id once, and not that it is missing as well', () => {
    const said = mistakesOf(['status', ...store.slice(0, 4), '--identity', 'aws-role', '--tenant-id', 'x']);
    expect(said).toBe(
      [
        '- --tenant-id: got "x", expected a valid GUID',
        '- --client-id is missing, which --identity aws-role needs',
        '- --region is missing, which --identity aws-role needs',
        'See: mover status --help',
      ].join('\n'),
    );
  });

  it.each([[['--password', 'hunter2']], [['--password=hunter2']]])(
    'does not repeat what stands behind an option that it does not know: it may be a password',
    (words) => {
      const said = mistakesOf(['dump', ...store, ...database, ...words]);
      expect(said).toContain('got --password, which dump does not take');
      expect(said).not.toContain('hunter2');
    },
  );

  it.each([[[]], [['help']], [['--help']]])('gives the help of all for %j', (argv) => {
    expect(readCommandLine(argv)).toEqual({ kind: 'help', command: null });
    for (const name of COMMANDS) expect(helpText(null)).toMatch(new RegExp(`^  ${name} +[A-Z].*\\.$`, 'm'));
    expect(helpText(null)).toContain('8 gap, 9 lost');
  });

  it.each(COMMANDS)('has a help for %s', (command) => {
    // Whatever else is wrong with the line: who asks for help gets it.
    expect(readCommandLine([command, '--wrong', '--help'])).toEqual({ kind: 'help', command });
    const help = helpText(command);
    expect(help.startsWith(`mover ${command}\n\n`)).toBe(true);
    for (const line of help.split('\n').slice(4, -1)) expect(line).toMatch(/^ {2}--[a-z-]+(?: [A-Z]+)? +\S/);
    expect(help).toContain('--workload ID');
    expect(help.includes('--host NAME')).toBe(command !== 'status');
    expect(help.includes('--ready-file FILE')).toBe(command === 'apply');
    expect(help.includes('--spool-max-mb N')).toBe(command === 'ship');
  });
});
