import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { LogFilter } from '../../../mover/apply/log-filter.ts';
import { COMMIT, gtid, HEAD, rows, statement, TAIL, use } from './log-text.ts';

/*
 * Goal: of the text of a log the standby gets what it may do, byte for byte, with every GTID spent; however the text is cut into chunks.
 * Method: texts built from what mysqlbinlog writes; what is expected is written out, or is the text itself.
 */

async function filtered(chunks: readonly Buffer[]): Promise<{ text: string; filter: LogFilter }> {
  const filter = new LogFilter('REPLICA');
  const out = await buffer(Readable.from(chunks).pipe(filter));
  return { text: out.toString('latin1'), filter };
}
const pass = (text: string) => filtered([Buffer.from(text, 'latin1')]);

/** A text without the comments of mysqlbinlog, which nobody needs on the other side. */
const bare = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

const INSERT =
  gtid(235, 2) + statement('BEGIN') + rows(['`app`.`t`'], ['eIUJaxMBAAAA', 'LwAAAAAAAA==']) + COMMIT;

describe('the filter of the log', () => {
  it('passes the rows of the site as they are, and leaves out nothing but comments', async () => {
    const text = HEAD + INSERT + TAIL;
    const { text: out, filter } = await pass(text);
    expect(out).toBe(bare(text));
    expect(filter.passed).toEqual({
      ...{
        transactions: 1,
        safePosition: 235,
        lastCommitAt: 1_795_786_104_016,
        gtid: '',
        skipped: [],
        schemas: [],
      },
    });
  });

  it('tells which schemas were made, and no others', async () => {
    const made = [
      'CREATE DATABASE later',
      '/* by the shop */ create schema if not exists `odd``name` CHARACTER SET latin1',
      Buffer.from('CREATE DATABASE `é`').toString('latin1'),
      'CREATE DATABASE mysql',
      'DROP DATABASE gone',
      'CREATE TABLE database_of (a INT)',
    ];
    const text = HEAD + made.map((one, index) => gtid(235, index + 2) + statement(one)).join('') + TAIL;
    expect((await pass(text)).filter.passed.schemas).toEqual(['later', 'odd`name', 'é']);
  });

  it('leaves out the rows of the server’s own schemas, and still spends their GTID', async () => {
    const before = HEAD + gtid(235, 2) + statement('BEGIN');
    const heartbeat = rows(['`mysql`.`rds_heartbeat2`'], ['eIUJaxMBAAAA']);
    const { text, filter } = await pass(before + heartbeat + COMMIT + TAIL);
    expect(text).toBe(bare(`${before}\n${COMMIT}${TAIL}`));
    expect(text).toContain("GTID_NEXT= '68e09b4e-ea66-11f1-86a0-02fc00000001:2'");
    expect(text).not.toContain('eIUJaxMBAAAA');
    expect(filter.passed.transactions).toBe(1);
  });

  it('keeps the rows of the site that follow rows of the server in one transaction', async () => {
    const text =
      HEAD +
      gtid(235, 2) +
      statement('BEGIN') +
      rows(['`sys`.`sys_config`'], ['c3lz']) +
      rows(['`app`.`t`'], ['YXBw']) +
      COMMIT +
      TAIL;
    const { text: out } = await pass(text);
    expect(out).not.toContain('c3lz');
    expect(out).toContain("BINLOG '\nYXBw\n'/*!*/;");
  });

  it('keeps rows of which any is the site’s', async () => {
    const text = rows(['`mysql`.`x`', '`app`.`t`'], ['Ym90aA==']);
    expect((await pass(HEAD + text + TAIL)).text).toContain('Ym90aA==');
  });

  it('puts an empty transaction in the place of a statement that is left out, and tells of it', async () => {
    const { text, filter } = await pass(HEAD + gtid(158, 1) + statement("CREATE USER 'u'@'%'") + TAIL);
    expect(text).toContain(
      "SET @@SESSION.GTID_NEXT= '68e09b4e-ea66-11f1-86a0-02fc00000001:1'/*!*/;\nSET TIMESTAMP=1795786104/*!*/;\nBEGIN\n/*!*/;\nCOMMIT\n/*!*/;\n",
    );
    expect(text).not.toContain('CREATE USER');
    expect(filter.passed.skipped).toEqual([
      { gtid: '68e09b4e-ea66-11f1-86a0-02fc00000001:1', because: 'it is about accounts' },
    ]);
  });

  it('tells of the first twenty statements that it leaves out, and counts all', async () => {
    const many = Array.from({ length: 30 }, (_, index) => gtid(158, index) + statement('FLUSH TABLES'));
    const { filter } = await pass(HEAD + many.join('') + TAIL);
    expect(filter.passed.skipped).toHaveLength(20);
    expect(filter.passed.transactions).toBe(30);
  });

  it('judges a statement by the schema of its session, until another is used', async () => {
    const text =
      use('mysql') +
      statement('CREATE TABLE y (id INT)') +
      use('a``b') +
      statement('CREATE TABLE z (id INT)');
    const { text: out } = await pass(HEAD + text + TAIL);
    expect(out).not.toContain('TABLE y');
    expect(out).toContain('/*!80000 CREATE TABLE z (id INT)\n*/\n/*!*/;');
  });

  it.each([
    ['a body with lines of its own', 'CREATE PROCEDURE `p`()\nBEGIN\n\n  SELECT 1;\n# at 99999\n-- x\nEND'],
    [
      'lines that look like settings',
      'CREATE PROCEDURE `p`()\nBEGIN\nSET @x = 1;\nuse `mysql`;\nDELIMITER ;\nEND',
    ],
    ['lines that look like rows', "CREATE PROCEDURE `p`()\nBEGIN\nBINLOG '\n';\nEND"],
    ['ends of lines as Windows has them', 'CREATE TABLE t (\r\n  id INT\r\n)'],
    ['bytes that are not UTF-8', 'CREATE TABLE t (id INT) COMMENT "\xe9\xff\x80"'],
  ])('keeps a statement with %s, in a guard that makes half of it an error', async (_, text) => {
    const { text: out, filter } = await pass(HEAD + gtid(158, 1) + statement(text) + gtid(777, 2) + TAIL);
    expect(out).toContain(`SET TIMESTAMP=1795786104/*!*/;\n/*!80000 ${text}\n*/\n/*!*/;\n`);
    expect(filter.passed).toMatchObject({ transactions: 1, safePosition: 777 });
  });

  it.each([
    ['/* app */ ', 'CREATE TABLE t (id INT)'],
    ['\n', 'CREATE TABLE t (id INT)'],
    ['-- app\n', 'CREATE TABLE t (id INT)'],
  ])('keeps %j before a statement, and guards what follows', async (before, text) => {
    const { text: out } = await pass(HEAD + gtid(158, 1) + statement(before + text) + TAIL);
    expect(out).toContain(`SET TIMESTAMP=1795786104/*!*/;\n${before}/*!80000 ${text}\n*/\n/*!*/;\n`);
  });

  it('guards a statement that the server wrote anew, without its word for that', async () => {
    const { text } = await pass(
      HEAD + gtid(158, 1) + statement('DROP TABLE `a`,`b` /* generated by server */') + TAIL,
    );
    expect(text).toContain('\n/*!80000 DROP TABLE `a`,`b`\n*/\n/*!*/;\n');
  });

  it.each([
    "CREATE PROCEDURE `p`()\nSELECT '/*!*/', ';', 1\n/*! x */",
    '/*!40000 ALTER TABLE t DISABLE KEYS */',
    'CREATE TABLE t (id INT /* key */)',
  ])('keeps %j as it is, because its own comment would end the guard', async (text) => {
    const { text: out, filter } = await pass(HEAD + gtid(158, 1) + statement(text) + gtid(777, 2) + TAIL);
    expect(out).toContain(`SET TIMESTAMP=1795786104/*!*/;\n${text}\n/*!*/;\n`);
    expect(filter.passed).toMatchObject({ transactions: 1, safePosition: 777 });
  });

  it('counts a transaction that was cut off as none, and goes on from where it began', async () => {
    const cut = gtid(900, 3) + statement('BEGIN') + rows(['`app`.`t`'], ['eIUJ']);
    const rollback = 'ROLLBACK /* added by mysqlbinlog */ /*!*/;\n';
    const { filter } = await pass(HEAD + INSERT + cut + rollback + TAIL);
    expect(filter.passed).toMatchObject({ transactions: 1, safePosition: 900 });
  });

  it('counts a transaction of XA at its preparation and at its end, and a table with its rows once', async () => {
    const xa = ["XA START X'78',X'',1", "XA END X'78',X'',1"].map(statement).join('');
    const prepared = `${gtid(158, 1)}${xa}XA PREPARE X'78',X'',1\n/*!*/;\n`;
    expect((await pass(HEAD + prepared)).filter.passed.transactions).toBe(1);
    const ended = gtid(300, 2) + statement("XA COMMIT X'78',X'',1");
    expect((await pass(HEAD + prepared + ended + TAIL)).filter.passed.transactions).toBe(2);
    const table = 'CREATE TABLE `c8` (\n  `a` int\n) START TRANSACTION';
    const made =
      gtid(400, 3) + statement('BEGIN') + statement(table) + rows(['`app`.`c8`'], ['eIUJ']) + COMMIT;
    expect((await pass(HEAD + made + TAIL)).filter.passed.transactions).toBe(1);
  });

  it('does not take the commit of a transaction that was cut off for one that came', async () => {
    const whole =
      gtid(158, 1, 1_795_786_104_000_000) + statement('BEGIN') + rows(['`app`.`t`'], ['eIUJ']) + COMMIT;
    const cut = gtid(900, 2, 1_795_786_109_000_000) + statement('BEGIN') + rows(['`app`.`t`'], ['eIUJ']);
    const rollback = 'ROLLBACK /* added by mysqlbinlog */ /*!*/;\n';
    const { filter } = await pass(HEAD + whole + cut + rollback + TAIL);
    expect(filter.passed.lastCommitAt).toBe(1_795_786_104_000);
    expect((await pass(HEAD + whole + gtid(900, 2, 1_795_786_109_000_000))).filter.passed.lastCommitAt).toBe(
      1_795_786_104_000,
    );
  });

  it('remembers the newest commit, and takes 0 for a primary that does not say', async () => {
    const at = (micros: number): string => gtid(158, 1, micros) + statement('CREATE TABLE t (id INT)');
    const { filter } = await pass(
      HEAD + at(1_795_786_105_000_999) + at(1_795_786_104_000_000) + at(0) + TAIL,
    );
    expect(filter.passed.lastCommitAt).toBe(1_795_786_105_000);
    expect((await pass(HEAD + at(0) + TAIL)).filter.passed.lastCommitAt).toBeNull();
  });

  it('knows that everything has passed at the end of a file', async () => {
    const end =
      '# at 2048\n#261127 13:28:24 server id 1  end_log_pos 2100 CRC32 0x1 \tRotate to binlog.000003  pos: 4\n';
    expect((await pass(HEAD + INSERT + end + TAIL)).filter.passed.safePosition).toBe(2048);
  });

  it('gives the same for every way in which the text is cut into chunks', async () => {
    const text =
      HEAD +
      INSERT +
      gtid(300, 3) +
      statement('BEGIN') +
      rows(['`mysql`.`rds_heartbeat2`'], ['eIUJaxMBAAAA']) +
      COMMIT +
      gtid(400, 4) +
      statement('CREATE DEFINER=`a`@`b` PROCEDURE `p`()\nSELECT "\xe9\xff"') +
      TAIL;
    const whole = await pass(text);
    const bytes = Buffer.from(text, 'latin1');
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const at = [0, ...places.sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((to, index) => bytes.subarray(at[index], to));
        const { text: out, filter } = await filtered(chunks);
        expect(out).toBe(whole.text);
        expect(filter.passed).toEqual(whole.filter.passed);
      }),
      { numRuns: 60 },
    );
  });

  it('passes any rows of the site byte for byte', async () => {
    const line = fc.base64String({ minLength: 4, maxLength: 76 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (base64) => {
        const text = HEAD + gtid(235, 2) + statement('BEGIN') + rows(['`app`.`t`'], base64) + COMMIT + TAIL;
        expect((await pass(text)).text).toBe(bare(text));
      }),
      { numRuns: 60 },
    );
  });
});
