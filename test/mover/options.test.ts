import { readCommandLine } from '../../mover/command-line.ts';
import { MoverError } from '../../mover/errors.ts';
import type { CommandName } from '../../mover/options.ts';

/*
 * Goal: every option of every command takes what it should and nothing else, and says what it got.
 * Method: a command line that is good but for the option that is tried.
 */

const STORE = '--workload shop --store https://shopdata.blob.core.windows.net --identity workload-identity';
const DATABASE = '--host db --user mover --password-file /mnt/password';
const good = (command: CommandName): string[] =>
  `${STORE}${command === 'status' ? '' : ` ${DATABASE}`}`.split(' ');

/** The line with the option put in, in place of the one that stands there. */
function withOption(command: CommandName, name: string, value: string | null): string[] {
  const line = good(command);
  const at = line.indexOf(`--${name}`);
  const pair = value === null ? [`--${name}`] : [`--${name}`, value];
  if (at === -1) return [command, ...line, ...pair];
  return [command, ...line.slice(0, at), ...pair, ...line.slice(at + 2)];
}

function read(argv: readonly string[]): Readonly<Record<string, unknown>> {
  const asked = readCommandLine(argv);
  if (asked.kind !== 'run') throw new Error(`expected a run, got ${asked.kind}`);
  return asked.options;
}

function said(argv: readonly string[]): string {
  try {
    readCommandLine(argv);
  } catch (error) {
    if (error instanceof MoverError && error.failure === 'usage') return error.message;
    throw error;
  }
  return 'nothing is wrong';
}

describe('an option', () => {
  it.each<[CommandName, string, string, unknown]>([
    ['dump', 'workload', 'a1', 'a1'],
    ['dump', 'workload', 'abcdefghijkl', 'abcdefghijkl'],
    ['status', 'store', 'https://127.0.0.1:10000/shop', 'https://127.0.0.1:10000/shop'],
    ['dump', 'host', 'db.example.com', 'db.example.com'],
    ['dump', 'port', '1', 1],
    ['dump', 'port', '65535', 65_535],
    ['dump', 'ssl-mode', 'VERIFY_CA', 'VERIFY_CA'],
    ['dump', 'ssl-mode', 'DISABLED', 'DISABLED'],
    ['dump', 'ssl-ca', '/etc/ssl/ca.pem', '/etc/ssl/ca.pem'],
    ['dump', 'work', '/mnt/work', '/mnt/work'],
    ['dump', 'jobs', '1', 1],
    ['dump', 'jobs', '64', 64],
    ['ship', 'every', '2', 2],
    ['apply', 'every', '30', 30],
    ['ship', 'spool-max-mb', '256', 256],
    ['ship', 'spool-max-mb', '1000000', 1_000_000],
    ['apply', 'ready-file', '/tmp/ready', '/tmp/ready'],
    ['apply', 'dump', '20261127T030000Z', '20261127T030000Z'],
    ['apply', 'correlation-id', 'Run-1', 'Run-1'],
    ['apply', 'schema', 'pet_clinic', 'pet_clinic'],
    ['apply', 'until', '2026-11-27T02:59:00Z', '2026-11-27T02:59:00Z'],
  ])('of %s is read: --%s %s', (command, name, value, expected) => {
    expect(read(withOption(command, name, value))[name]).toBe(expected);
  });

  it.each<[CommandName, string, string, string]>([
    ['dump', 'workload', 'a', '2 to 12 of a-z and 0-9, beginning with a letter'],
    ['dump', 'workload', 'abcdefghijklm', '2 to 12 of a-z and 0-9, beginning with a letter'],
    ['dump', 'workload', '1shop', '2 to 12 of a-z and 0-9, beginning with a letter'],
    ['dump', 'workload', '../x', '2 to 12 of a-z and 0-9, beginning with a letter'],
    ['status', 'store', 'shopdata', 'an https address of a storage account'],
    ['status', 'store', 'http://shopdata.blob.core.windows.net', 'an https address of a storage account'],
    ['status', 'identity', 'managed', '"aws-role"|"workload-identity"'],
    ['dump', 'port', '0', '>=1'],
    ['dump', 'port', '65536', '<=65535'],
    ['dump', 'port', 'mysql', 'got "mysql", expected number'],
    ['dump', 'ssl-mode', 'PREFERRED', '"VERIFY_IDENTITY"|"VERIFY_CA"|"REQUIRED"|"DISABLED"'],
    ['dump', 'jobs', '0', '>=1'],
    ['dump', 'jobs', '65', '<=64'],
    ['dump', 'jobs', '1.5', 'got "1.5", expected int'],
    ['ship', 'every', '1', '>=2'],
    ['apply', 'every', '31', '<=30'],
    ['ship', 'spool-max-mb', '255', '>=256'],
    ['ship', 'spool-max-mb', '1000001', '<=1000000'],
    ['apply', 'application-user', "app'@'%", 'a user name'],
    ['apply', 'dump', 'newest', 'a UTC time like 20261127T030000Z'],
    ['apply', 'correlation-id', 'a/b', '1 to 64 of A-Z, a-z, 0-9 and -'],
    ['apply', 'correlation-id', '-x', '1 to 64 of A-Z, a-z, 0-9 and -'],
    ['apply', 'schema', 'a`b', 'the name of a database'],
    ['apply', 'until', 'yesterday', 'expected a valid ISO datetime'],
    ['apply', 'until', '2026-11-27T02:59:00+01:00', 'expected a valid ISO datetime'],
  ])('of %s is refused, with what was got and expected: --%s %s', (command, name, value, words) => {
    const message = said(withOption(command, name, value));
    expect(message).toContain(`- --${name}: got ${JSON.stringify(value)}, expected `);
    expect(message).toContain(words);
    expect(message).not.toMatch(/Invalid|received|Too (?:small|big)/);
    expect(message).toContain(`See: mover ${command} --help`);
  });

  it.each<[CommandName, string]>([
    ['dump', 'no-checksums'],
    ['ship', 'no-checksums'],
    ['apply', 'follow'],
    ['apply', 'replace'],
    ['apply', 'load-only'],
    ['verify', 'take'],
    ['status', 'json'],
  ])('of %s is a switch, which is off where it is not named, and takes no word: --%s', (command, name) => {
    expect(read([command, ...good(command)])[name]).toBe(false);
    expect(read(withOption(command, name, null))[name]).toBe(true);
    expect(said([command, ...good(command), `--${name}=no`])).toContain(
      `--${name}: got "no", expected boolean`,
    );
    expect(said(withOption(command, name, 'no'))).toContain(
      'got "no", expected an option that begins with --',
    );
  });

  it.each<[CommandName, string]>([
    ['status', 'host'],
    ['dump', 'follow'],
    ['dump', 'every'],
    ['ship', 'replace'],
    ['apply', 'no-checksums'],
    ['verify', 'jobs'],
    ['prove', 'take'],
    ['dump', 'json'],
  ])('of another command is refused by %s: --%s', (command, name) => {
    expect(said(withOption(command, name, null))).toContain(`got --${name}, which ${command} does not take`);
  });

  it.each<[CommandName, string, string]>([
    ['status', 'workload', 'ID'],
    ['apply', 'dump', 'NAME'],
    ['apply', 'until', 'TIME'],
    ['ship', 'every', 'SECONDS'],
  ])(
    'of %s that ends the line without its value is refused, and no default hides it: --%s',
    (command, name, value) => {
      const line = good(command);
      const others = name === 'workload' ? line.slice(2) : line;
      expect(said([command, ...others, `--${name}`])).toContain(
        `- --${name}: got nothing, expected ${value}: `,
      );
    },
  );

  it('has its default where it is not named', () => {
    expect(read(['apply', ...good('apply')])).toMatchObject({
      ...{ port: 3306, 'ssl-mode': 'VERIFY_IDENTITY', 'ssl-ca': null, every: null, jobs: 4, dump: null },
      ...{ 'correlation-id': 'standing', schema: null, until: null, 'ready-file': null, replace: false },
      work: '/var/lib/pilotlight-mover',
    });
    expect(read(['ship', ...good('ship')])['spool-max-mb']).toBe(8_192);
  });
});
