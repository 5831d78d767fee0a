import type { CatalogTable } from './catalog.ts';

/** Tables of one schema that one process dumps. */
export interface Bin {
  readonly schema: string;
  readonly tables: readonly string[];
}

/**
 * Spreads the tables over processes: one bin at least for each schema, more for the large ones, the largest table first into
 * the bin that has least. A table is never cut: the largest one sets how long the dump takes.
 */
export function binsOf(tables: readonly CatalogTable[], jobs: number): readonly Bin[] {
  const bySchema = Map.groupBy(tables, (table) => table.schema);
  const total = tables.reduce((sum, table) => sum + table.length, 0) || 1;
  return [...bySchema].flatMap(([schema, own]) => {
    const share = own.reduce((sum, table) => sum + table.length, 0) / total;
    const count = Math.max(1, Math.min(own.length, Math.round(share * jobs)));
    const bins = Array.from({ length: count }, () => ({ schema, tables: [] as string[], length: 0 }));
    for (const table of [...own].sort((a, b) => b.length - a.length)) {
      const least = bins.reduce((a, b) => (b.length < a.length ? b : a));
      least.tables.push(table.name);
      least.length += table.length;
    }
    // An estimate of 0 for every table would leave bins empty.
    return bins.filter((bin) => bin.tables.length > 0).map((bin) => ({ schema, tables: bin.tables }));
  });
}
