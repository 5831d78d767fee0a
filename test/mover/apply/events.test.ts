import { asleep, asleepInDump, replicaWord } from '../../../mover/apply/events.ts';

describe('an event that is made', () => {
  it.each([
    [
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1',
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO SELECT 1',
    ],
    [
      'CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP ON COMPLETION NOT PRESERVE ENABLE DO SELECT 1',
      'CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP ON COMPLETION NOT PRESERVE DISABLE ON REPLICA DO SELECT 1',
    ],
    [
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1',
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1',
    ],
    [
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE ON SLAVE DO SELECT 1',
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1',
    ],
    [
      "CREATE EVENT e ON SCHEDULE EVERY 1 DAY COMMENT 'ENABLE DO' DO SELECT 1",
      "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA COMMENT 'ENABLE DO' DO SELECT 1",
    ],
    [
      'CREATE EVENT `do enable` ON SCHEDULE EVERY 1 DAY DO BEGIN ALTER EVENT x ENABLE; END',
      'CREATE EVENT `do enable` ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO BEGIN ALTER EVENT x ENABLE; END',
    ],
    [
      'CREATE EVENT e /* ENABLE */ ON SCHEDULE EVERY 1 DAY -- DISABLE\n DO SELECT 1',
      'CREATE EVENT e /* ENABLE */ ON SCHEDULE EVERY 1 DAY -- DISABLE\n DISABLE ON REPLICA DO SELECT 1',
    ],
    [
      'create event e on schedule every 1 day enable do select 1',
      'create event e on schedule every 1 day DISABLE ON REPLICA do select 1',
    ],
    [
      'EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1',
      'EVENT e ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO SELECT 1',
    ],
    [
      'CREATE EVENT do ON SCHEDULE EVERY 1 DAY DO SELECT 1',
      'CREATE EVENT do ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO SELECT 1',
    ],
    [
      'CREATE EVENT IF NOT EXISTS comment ON SCHEDULE EVERY 1 DAY DO SELECT 1',
      'CREATE EVENT IF NOT EXISTS comment ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO SELECT 1',
    ],
    [
      'CREATE EVENT app.disable ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 1',
      'CREATE EVENT app.disable ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO SELECT 1',
    ],
  ])('sleeps: %s', (statement, expected) => {
    expect(asleep(statement, 'REPLICA')).toBe(expected);
  });

  it('sleeps by the word of its server', () => {
    expect(asleep('CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1', 'SLAVE')).toBe(
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE ON SLAVE DO SELECT 1',
    );
  });
});

describe('an event that is changed', () => {
  it.each([
    ['ALTER EVENT e ENABLE', 'ALTER EVENT e DISABLE ON REPLICA'],
    ['ALTER EVENT e DISABLE', 'ALTER EVENT e DISABLE'],
    ['ALTER EVENT e RENAME TO f', 'ALTER EVENT e RENAME TO f'],
    ['ALTER EVENT e RENAME TO enable', 'ALTER EVENT e RENAME TO enable'],
    ['ALTER EVENT e RENAME TO `x`.`y` ENABLE', 'ALTER EVENT e RENAME TO `x`.`y` DISABLE ON REPLICA'],
    ['ALTER EVENT enable ON COMPLETION PRESERVE', 'ALTER EVENT enable ON COMPLETION PRESERVE'],
    [
      "ALTER EVENT e ENABLE COMMENT 'x' DO SELECT 1",
      "ALTER EVENT e DISABLE ON REPLICA COMMENT 'x' DO SELECT 1",
    ],
    ['ALTER EVENT e DO ALTER EVENT x ENABLE', 'ALTER EVENT e DO ALTER EVENT x ENABLE'],
  ])('sleeps if it was to wake, and is left as it is otherwise: %s', (statement, expected) => {
    expect(asleep(statement, 'REPLICA')).toBe(expected);
  });
});

describe('a line of a dump', () => {
  it('with an event makes it asleep, with and without a definer', () => {
    const rest =
      "EVENT `e1` ON SCHEDULE EVERY 1 DAY STARTS '2026-11-27 13:29:40' ON COMPLETION NOT PRESERVE ";
    const asleepToo = `${rest}DISABLE ON REPLICA DO DELETE FROM audit */ ;;`;
    expect(
      asleepInDump(`/*!50106 CREATE*/ /*!50106 ${rest}ENABLE DO DELETE FROM audit */ ;;`, 'REPLICA'),
    ).toBe(`/*!50106 CREATE*/ /*!50106 ${asleepToo}`);
    expect(
      asleepInDump(
        `/*!50106 CREATE*/ /*!50117 DEFINER=\`a\`@\`%\`*/ /*!50106 ${rest}ENABLE DO DELETE FROM audit */ ;;`,
        'REPLICA',
      ),
    ).toBe(`/*!50106 CREATE*/ /*!50117 DEFINER=\`a\`@\`%\`*/ /*!50106 ${asleepToo}`);
  });

  it.each([
    "INSERT INTO `t` VALUES (1,'/*!50106 CREATE*/ /*!50106 EVENT `e` ENABLE DO x');",
    '/*!50106 DROP EVENT IF EXISTS `e1` */;;',
    'CREATE TABLE `event` (',
    '/*!50003 CREATE*/ /*!50003 TRIGGER `event` AFTER INSERT ON `t` FOR EACH ROW SET @x = 1 */;;',
    '',
  ])('without one stays: %s', (line) => {
    expect(asleepInDump(line, 'REPLICA')).toBe(line);
  });
});

describe('the word for a sleeping event', () => {
  it.each([
    ['8.0.43', 'SLAVE'],
    ['8.1.0', 'SLAVE'],
    ['8.2.0', 'REPLICA'],
    ['8.4.6-azure', 'REPLICA'],
    ['9.7.4-2', 'REPLICA'],
    ['5.7.44-log', 'SLAVE'],
  ])('of %s is %s', (version, word) => {
    expect(replicaWord(version)).toBe(word);
  });
});
