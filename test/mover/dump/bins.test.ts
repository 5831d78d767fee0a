import fc from 'fast-check';
import { binsOf } from '../../../mover/dump/bins.ts';
import { table } from './fixture.ts';

const sized = (sizes: Readonly<Record<string, number>>, schema = 'shop') =>
  Object.entries(sizes).map(([name, length]) => table({ schema, name, length }));

describe('the tables of a dump', () => {
  it('go to the process that has least, the largest first', () => {
    expect(binsOf(sized({ a: 10, b: 60, c: 40, d: 30 }), 2)).toEqual([
      { schema: 'shop', tables: ['b', 'a'] },
      { schema: 'shop', tables: ['c', 'd'] },
    ]);
  });

  it('of each schema have a process of their own, the large schema more of them', () => {
    const tables = [...sized({ a: 500, b: 400 }), ...sized({ z: 100 }, 'blog')];
    expect(binsOf(tables, 2)).toEqual([
      { schema: 'shop', tables: ['a'] },
      { schema: 'shop', tables: ['b'] },
      { schema: 'blog', tables: ['z'] },
    ]);
  });

  it('are dumped where the server knows no size of any', () => {
    expect(binsOf(sized({ a: 0, b: 0, c: 0 }), 4)).toEqual([{ schema: 'shop', tables: ['a', 'b', 'c'] }]);
  });

  it('are nothing where there are none', () => {
    expect(binsOf([], 4)).toEqual([]);
  });

  it('are each in exactly one bin of their schema, and no bin is empty', () => {
    const one = fc.record({ schema: fc.constantFrom('a', 'b', 'c'), length: fc.nat() });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), fc.integer({ min: 1, max: 16 }), (drawn, jobs) => {
        const tables = drawn.map((of, index) => table({ ...of, name: `t${index}` }));
        const bins = binsOf(tables, jobs);
        const there = bins.flatMap((bin) => bin.tables.map((name) => `${bin.schema}.${name}`));
        expect(there.sort()).toEqual(tables.map(({ schema, name }) => `${schema}.${name}`).sort());
        expect(bins.filter((bin) => bin.tables.length === 0)).toEqual([]);
      }),
    );
  });
});
