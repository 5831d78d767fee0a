import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './helpers/script-bench.ts';

/** What the restore pod hands to the database for these lines of a dump. */
const forAzure = (lines: readonly string[]): string[] => {
  const done = spawnSync('awk', ['-f', join(repository, 'k8s/restore/azure-dump.awk')], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  expect(done.stderr).toBe('');
  return done.stdout.trimEnd().split('\n');
};

describe('a dump made loadable with the rights that Azure gives', () => {
  it.each([
    ['/*!50013 DEFINER=`root`@`%` SQL SECURITY DEFINER */', '/*!50013 SQL SECURITY DEFINER */'],
    ['/*!50013 DEFINER=`o``k x`@`10.%` SQL SECURITY INVOKER */', '/*!50013 SQL SECURITY INVOKER */'],
  ])('takes the definer from the view %s', (line, expected) => {
    expect(forAzure([line])).toEqual([expected]);
  });

  it.each([
    [
      '/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `t1` AFTER INSERT */;;',
      '/*!50003 CREATE*/ /*!50003 TRIGGER `t1` AFTER INSERT */;;',
    ],
    [
      '/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT `e1` */ ;;',
      '/*!50106 CREATE*/ /*!50106 EVENT `e1` */ ;;',
    ],
    ['CREATE DEFINER=`root`@`%` PROCEDURE `total_of`(IN i int)', 'CREATE PROCEDURE `total_of`(IN i int)'],
    ['CREATE DEFINER=`root`@`%` FUNCTION `f`() RETURNS int', 'CREATE FUNCTION `f`() RETURNS int'],
  ])('takes the definer from %s', (line, expected) => {
    expect(forAzure(['DELIMITER ;;', line, 'DELIMITER ;'])).toEqual([
      'DELIMITER ;;',
      expected,
      'DELIMITER ;',
    ]);
  });

  it('takes the definer from an event that comes after the settings of its session', () => {
    const settings = ['DELIMITER ;;', "/*!50003 SET sql_mode = 'STRICT_ALL_TABLES' */ ;;"];
    expect(
      forAzure([...settings, '/*!50106 CREATE*/ /*!50117 DEFINER=`a`@`%`*/ /*!50106 EVENT `e1` */ ;;']),
    ).toEqual([...settings, '/*!50106 CREATE*/ /*!50106 EVENT `e1` */ ;;']);
  });

  it('leaves out what is said about GTIDs and the binary log, over as many lines as it takes', () => {
    expect(
      forAzure([
        'SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;',
        'SET @@SESSION.SQL_LOG_BIN= 0;',
        "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'aaaa:1-5,",
        "bbbb:1-7';",
        'CREATE TABLE `t` (`id` int);',
        'SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;',
      ]),
    ).toEqual(['CREATE TABLE `t` (`id` int);']);
  });

  it.each(['/*M!999999\\- enable the sandbox mode */ ', '/*!999999\\- enable the sandbox mode */'])(
    'leaves out the line %s, which only the client of MariaDB knows',
    (line) => {
      expect(forAzure([line, '-- MariaDB dump'])).toEqual(['-- MariaDB dump']);
      const body = ['DELIMITER ;;', 'CREATE PROCEDURE `p`()', line, ';;', 'DELIMITER ;'];
      expect(forAzure(body)).toEqual(body);
    },
  );

  it('changes neither a row that looks like a definer nor the body of a routine', () => {
    const lines = [
      "INSERT INTO `t` VALUES (1,'/*!50013 DEFINER=`a`@`b` SQL SECURITY DEFINER */'),(2,'CREATE DEFINER=`a`@`b` ');",
      'DELIMITER ;;',
      'CREATE PROCEDURE `p`()',
      'BEGIN',
      "SELECT '",
      'CREATE DEFINER=`a`@`b` PROCEDURE',
      'SET @@SESSION.SQL_LOG_BIN= 0;',
      "'; END ;;",
      'DELIMITER ;',
    ];
    expect(forAzure(lines)).toEqual(lines);
  });
});
