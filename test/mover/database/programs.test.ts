import { readFileSync, statSync } from 'node:fs';
import { writeOptionFile, type Login } from '../../../mover/database/login.ts';
import { firstError } from '../../../mover/database/programs.ts';
import { logEnd, oneLine } from '../../../mover/database/server.ts';
import { identifier, literal } from '../../../mover/database/session.ts';

const login: Login = {
  ...{
    host: 'db.example.com',
    port: 3306,
    user: 'mover',
    password: 'a\\b"c d#e',
    sslMode: 'VERIFY_IDENTITY',
  },
  sslCa: '/etc/ca.pem',
};

describe('what a program of the database said', () => {
  it.each([
    [
      'mysql: [Warning] Using a password\nERROR 1045 (28000): Access denied\n',
      'ERROR 1045 (28000): Access denied',
    ],
    [
      '-- Connecting to x...\nmysqldump: Got error: 2013: Lost connection\n',
      'mysqldump: Got error: 2013: Lost connection',
    ],
    ['[Warning] an error is likely\n\n  plain words \n', '[Warning] an error is likely'],
    ['  plain words \n', 'plain words'],
    ['', 'no reason was given'],
    ['-- Disconnecting\n\n', 'no reason was given'],
  ])('is told by the line that says why: %j', (errors, expected) => {
    expect(firstError(errors)).toBe(expected);
  });
});

describe('the file of a login', () => {
  it('is for its user’s eyes, holds the password as MySQL reads it, and goes when it is done with', () => {
    const file = writeOptionFile(login);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    const lines = readFileSync(file.path, 'utf8').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'host=db.example.com',
        'ssl-mode=VERIFY_IDENTITY',
        'ssl-ca=/etc/ca.pem',
        'user="mover"',
      ]),
    );
    expect(lines).toContain('password="a\\\\b"c d#e"');
    file.remove();
    expect(() => statSync(file.path)).toThrow('ENOENT');
  });

  it('names a socket in place of host, port and certificates', () => {
    const file = writeOptionFile({ ...login, socket: '/tmp/s' });
    const text = readFileSync(file.path, 'utf8');
    file.remove();
    expect(text).toContain('socket=/tmp/s\nprotocol=socket\n');
    expect(text).not.toMatch(/host=|port=|ssl-/);
  });
});

describe('a text as SQL', () => {
  it('stays one text, whatever it holds', () => {
    expect(literal("it's a \\ 'thing'")).toBe("'it''s a \\\\ ''thing'''");
    expect(identifier('a`b')).toBe('`a``b`');
  });

  it('of a GTID set is one line', () => {
    expect(oneLine('aaa:1-5,\nbbb:1-3 ')).toBe('aaa:1-5,bbb:1-3');
  });
});

describe('the end of a log', () => {
  const asked = async (version: string): Promise<string[]> => {
    const questions: string[] = [];
    const session = { query: (sql: string) => (questions.push(sql), Promise.resolve([])) };
    await logEnd(session as never, version);
    return questions;
  };

  it.each([
    ['8.0.43', 'SHOW MASTER STATUS'],
    ['8.1.0', 'SHOW MASTER STATUS'],
    ['8.2.0', 'SHOW BINARY LOG STATUS'],
    ['8.4.5', 'SHOW BINARY LOG STATUS'],
    ['9.0.1', 'SHOW BINARY LOG STATUS'],
  ])('of a server %s is asked for by %s', async (version, question) => {
    expect(await asked(version)).toEqual([question]);
  });
});
