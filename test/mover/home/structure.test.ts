import { codeFor } from '../../../mover/home/swap.ts';
import { withTrueNames, type TrueNames } from '../../../mover/home/names.ts';
import { readStructure, withReferences } from '../../../mover/home/structure.ts';

const TEXT = `-- MySQL dump
SET @OLD = 1;

--
-- Current Database: \`shop\`
--

CREATE DATABASE \`shop\`;

USE \`shop\`;

--
-- Table structure for table \`a\`\`b\`
--

DROP TABLE IF EXISTS \`a\`\`b\`;
CREATE TABLE \`a\`\`b\` (
  \`id\` int COMMENT '-- Table structure for table',
  CONSTRAINT \`f\` FOREIGN KEY (\`id\`) REFERENCES \`other\`.\`t\` (\`id\`)
) ENGINE=InnoDB;

--
-- Temporary view structure for view \`v\`
--

/*!50001 CREATE VIEW \`v\` AS SELECT 
 1 AS \`id\`*/;

--
-- Current Database: \`shop\`
--

USE \`shop\`;

--
-- Final view structure for view \`v\`
--

/*!50001 VIEW \`v\` AS select 1 AS \`id\` */;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

SET SQL_MODE=@OLD_SQL_MODE;
`;

/** Names as a primary has them that has capitals. */
const names: TrueNames = {
  differ: true,
  schema: (schema) => (schema === 'shop' ? 'Shop' : schema),
  table: (schema, name) => (schema === 'shop' && name === 'orders' ? 'Orders' : name),
};

describe('the structure of a dump, taken apart', () => {
  it('has the tables, and the two texts of each view, with the settings before them', () => {
    const { head, pieces } = readStructure(TEXT);
    expect(head).toBe('-- MySQL dump\nSET @OLD = 1;\n\n');
    expect(pieces.map(({ kind, schema, name }) => [kind, schema, name])).toEqual([
      ['table', 'shop', 'a`b'],
      ['view', 'shop', ''],
      ['view', 'shop', ''],
    ]);
    expect(pieces.at(-1)?.text).not.toContain('TIME_ZONE');
  });

  it('leads foreign keys into the schemas of the load', () => {
    const { text = '' } = readStructure(TEXT).pieces[0] ?? {};
    expect(withReferences(text, (schema) => `to_${schema}`)).toContain('REFERENCES `to_other`.`t` (`id`)');
  });
});

describe('names on the way home', () => {
  it.each([
    [
      'a table',
      'select `orders`.`id` AS `orders` from `orders`',
      'select `Orders`.`id` AS `orders` from `Orders`',
    ],
    ['a schema', 'from `shop`.`orders` join `shop`.`items`', 'from `Shop`.`Orders` join `Shop`.`items`'],
    ['all three', 'select `shop`.`orders`.`id` AS `id`', 'select `Shop`.`Orders`.`id` AS `id`'],
    [
      'a string',
      "select '`orders`' AS `x`,'it''s `orders`' AS `y`",
      "select '`orders`' AS `x`,'it''s `orders`' AS `y`",
    ],
    [
      'another table',
      'select `o`.`orders` AS `n` from `items` `o`',
      'select `o`.`orders` AS `n` from `items` `o`',
    ],
  ])('are those of the primary for %s of a view', (_, text, expected) => {
    expect(withTrueNames(text, 'shop', names)).toBe(expected);
  });

  it('stay as they are where the primary has no capitals', () => {
    expect(withTrueNames('from `orders`', 'shop', { ...names, differ: false })).toBe('from `orders`');
  });

  it('are those of the primary in the head of a trigger, and left alone in its body', () => {
    const code = [
      'USE `shop`;',
      'DELIMITER ;;',
      '/*!50003 CREATE*/ /*!50003 TRIGGER `t` AFTER INSERT ON `orders` FOR EACH ROW BEGIN',
      'USE `shop`;',
      "  INSERT INTO `orders` VALUES ('ON `orders`'); END */;;",
      'DELIMITER ;',
      'USE `shop`;',
    ].join('\n');
    expect(codeFor(code, names, 'REPLICA').split('\n')).toEqual([
      'USE `Shop`;',
      'DELIMITER ;;',
      '/*!50003 CREATE*/ /*!50003 TRIGGER `t` AFTER INSERT ON `Orders` FOR EACH ROW BEGIN',
      'USE `shop`;',
      "  INSERT INTO `orders` VALUES ('ON `orders`'); END */;;",
      'DELIMITER ;',
      'USE `Shop`;',
    ]);
  });
});
