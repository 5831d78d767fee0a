import type { TableFigures } from '../../../core/data/manifest.ts';
import { differences } from '../../../mover/verify/figures.ts';

const figures = (name: string, rows: number, checksum: string | null = '1'): TableFigures => ({
  schema: 'shop',
  ...{ name, rows, checksum },
});

describe('two sides', () => {
  it('are equal where every table has as many rows and the same checksum', () => {
    expect(differences([figures('a', 1), figures('b', 0)], [figures('b', 0), figures('a', 1)])).toEqual([]);
  });

  it('are equal where the names differ by case, which the standby folds', () => {
    expect(differences([{ ...figures('Orders', 1), schema: 'Shop' }], [figures('orders', 1)])).toEqual([]);
  });

  it('are held against each other by rows alone where either has no checksum', () => {
    expect(differences([figures('a', 1, null)], [figures('a', 1, '2')])).toEqual([]);
    expect(differences([figures('a', 1, '2')], [figures('a', 1, null)])).toEqual([]);
    expect(differences([figures('a', 1, null)], [figures('a', 2, null)])).toEqual([
      'table shop.a has 2 rows, expected 1',
    ]);
  });

  it.each([
    ['a table is missing', [], ['table shop.Orders is missing']],
    ['rows are missing', [figures('orders', 6)], ['table shop.Orders has 6 rows, expected 7']],
    ['rows are too many', [figures('orders', 8, '9')], ['table shop.Orders has 8 rows, expected 7']],
    [
      'a row is another',
      [figures('orders', 7, '9')],
      ['table shop.Orders has as many rows and another checksum'],
    ],
    [
      'a table is there that should not be',
      [figures('orders', 7), figures('extra', 0)],
      ['table shop.extra is there and should not be'],
    ],
  ])('differ where %s, and the table is named as the primary names it', (_, found, expected) => {
    expect(differences([figures('Orders', 7)], found)).toEqual(expected);
  });

  it('differ by name in each table that differs, and in no other', () => {
    const expected = [figures('a', 1), figures('b', 2), figures('c', 3)];
    expect(differences(expected, [figures('a', 1), figures('b', 9), figures('d', 4)])).toEqual([
      'table shop.b has 9 rows, expected 2',
      'table shop.c is missing',
      'table shop.d is there and should not be',
    ]);
  });
});
