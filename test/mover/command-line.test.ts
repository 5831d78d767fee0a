import { helpText, readCommandLine } from '../../mover/command-line.ts';
import { MoverError } from '../../mover/errors.ts';

const store = [
  ...['--workload', 'petclinic', '--store', 'https://stpetclinicdata.blob.core.windows.net'],
  ...['--identity', 'workload-identity'],
];
const database = ['--host', 'db', '--user', 'mover', '--password-file', '/mnt/password'];

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
      'got the command "restore", expected one of dump, ship, apply, verify, prove, status',
    ],
  ])('refuses %s', (_, argv, words) => {
    expect(mistakesOf(argv)).toContain(words);
  });

  it('has a help for each command', () => {
    expect(readCommandLine(['apply', '--help'])).toEqual({ kind: 'help', command: 'apply' });
    expect(helpText('apply')).toContain('--ready-file FILE');
    expect(helpText(null)).toContain('8 gap');
  });
});
