import fc from 'fast-check';
import { withoutDefiners } from '../../../mover/dump/definers.ts';

/*
 * Goal: what a dump defines belongs to whoever restores it, and not a byte of a row, a comment or a body changes.
 * Method: lines as mysqldump 9.7.4 writes them.
 */

const filtered = (...lines: string[]): string[] => withoutDefiners(lines.join('\n')).split('\n');

describe('the definers of a dump', () => {
  it.each([
    ['/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */', '/*!50013 SQL SECURITY DEFINER */'],
    [
      '/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER `t1` AFTER INSERT ON `Orders` FOR EACH ROW SET @x = 1 */;;',
      '/*!50003 CREATE*/ /*!50003 TRIGGER `t1` AFTER INSERT ON `Orders` FOR EACH ROW SET @x = 1 */;;',
    ],
    [
      "/*!50106 CREATE*/ /*!50117 DEFINER=`a``b c`@`10.%`*/ /*!50106 EVENT `e1` ON SCHEDULE EVERY 1 DAY STARTS '2026-11-27 13:29:40' ON COMPLETION NOT PRESERVE ENABLE DO DELETE FROM audit */ ;;",
      "/*!50106 CREATE*/ /*!50106 EVENT `e1` ON SCHEDULE EVERY 1 DAY STARTS '2026-11-27 13:29:40' ON COMPLETION NOT PRESERVE ENABLE DO DELETE FROM audit */ ;;",
    ],
    ['CREATE DEFINER=`root`@`%` PROCEDURE `total_of`(IN i int)', 'CREATE PROCEDURE `total_of`(IN i int)'],
    ['CREATE DEFINER=root@localhost FUNCTION `f`() RETURNS int', 'CREATE FUNCTION `f`() RETURNS int'],
  ])('are taken out of %s', (line, expected) => {
    expect(filtered(line)).toEqual([expected]);
    expect(filtered('DELIMITER ;;', line, 'DELIMITER ;')).toEqual(['DELIMITER ;;', expected, 'DELIMITER ;']);
  });

  it('stay in the body of a routine, where they are its text', () => {
    const body = [
      'BEGIN',
      'CREATE DEFINER=`x`@`y` PROCEDURE `q`()',
      '/*!50013 DEFINER=`x`@`y` SQL SECURITY DEFINER */',
      'SET @@SESSION.SQL_LOG_BIN= 0;',
      'SET @@GLOBAL.GTID_PURGED= "x";',
      "CREATE DATABASE `x` /*!80016 DEFAULT ENCRYPTION='N' */;",
      'END ;;',
    ];
    expect(
      filtered('DELIMITER ;;', 'CREATE DEFINER=`a`@`b` PROCEDURE `p`()', ...body, 'DELIMITER ;'),
    ).toEqual(['DELIMITER ;;', 'CREATE PROCEDURE `p`()', ...body, 'DELIMITER ;']);
  });

  it('are taken out before the body of a trigger of several lines, and stay in it', () => {
    const trigger = (definer: string) => [
      'DELIMITER ;;',
      `/*!50003 CREATE*/ ${definer}/*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN`,
      'CREATE DEFINER=`root`@`localhost` is text of the body',
      'END */;;',
      'DELIMITER ;',
    ];
    expect(filtered(...trigger('/*!50017 DEFINER=`root`@`localhost`*/ '))).toEqual(trigger(''));
  });

  it('are taken out behind the settings of an event, of each event', () => {
    const event = (definer: string) => [
      'DELIMITER ;;',
      '/*!50003 SET character_set_client  = utf8mb4 */ ;;',
      "/*!50003 SET sql_mode              = 'STRICT_TRANS_TABLES' */ ;;",
      `/*!50106 CREATE*/ ${definer}/*!50106 EVENT \`e\` ON SCHEDULE EVERY 1 DAY DO BEGIN`,
      'CREATE DEFINER=`x`@`y` VIEW v;',
      'END */ ;;',
      '/*!50003 SET time_zone             = @saved_time_zone */ ;;',
      'DELIMITER ;',
    ];
    const definer = '/*!50117 DEFINER=`a`@`b`*/ ';
    expect(filtered(...event(definer), ...event(definer))).toEqual([...event(''), ...event('')]);
  });
});

describe('what only the primary may do', () => {
  it('is left out', () => {
    expect(
      filtered(
        'SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;',
        'SET @@SESSION.SQL_LOG_BIN= 0;',
        "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '68e09b4e-ea66-11f1-86a0-02fc00000001:1-7,",
        "79e09b4e-ea66-11f1-86a0-02fc00000001:1-9';",
        'USE `shop`;',
        'SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;',
        '/*M!999999\\- enable the sandbox mode */ ',
        'SET NAMES utf8mb4;',
      ),
    ).toEqual(['USE `shop`;', 'SET NAMES utf8mb4;']);
  });

  it('is left out on one line as well, and what follows stays', () => {
    expect(filtered("SET @@GLOBAL.GTID_PURGED='68e0:1-7';", 'x')).toEqual(['x']);
  });

  it.each(['Y', 'N'])('is not the encryption of a schema (%s): the server’s key is not here', (yes) => {
    expect(
      filtered(
        `CREATE DATABASE /*!32312 IF NOT EXISTS*/ \`shop\` /*!40100 DEFAULT CHARACTER SET utf8mb4 */ /*!80016 DEFAULT ENCRYPTION='${yes}' */;`,
      ),
    ).toEqual(['CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;']);
  });
});

describe('everything else', () => {
  it.each([
    'CREATE TABLE `Orders` (',
    '  `note` text COMMENT "DEFINER=`root`@`%` ",',
    '/*!50001 VIEW `recent` AS select `DEFINER=a@b `.`x` from `t` */;',
    "-- Dumping events for database 'shop'",
    '/*!50003 SET sql_mode              = @saved_sql_mode */ ;',
    'SET @@SESSION.SQL_MODE= 0;',
    '',
  ])('stays: %s', (line) => {
    expect(filtered(line)).toEqual([line]);
  });

  it('stays, whatever a row holds', () => {
    // mysqldump writes a line break within a value as \n, so a row is one line, and begins with INSERT.
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('CREATE DEFINER=`a`@`b` VIEW', 'DELIMITER ;;', '/*!50013 DEFINER=`a`@`b` */', ';'),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
        const row = (text: string): string =>
          `INSERT INTO \`t\` VALUES ('${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll("'", "\\'")}');`;
        const lines = values.map(row);
        expect(filtered(...lines)).toEqual(lines);
      }),
    );
  });
});
