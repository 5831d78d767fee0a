import type { ServerFacts } from '../../../mover/database/server.ts';
import type { Catalog, CatalogTable } from '../../../mover/dump/catalog.ts';

/** A table that the standby takes. */
export const table = (more: Partial<CatalogTable> = {}): CatalogTable => ({
  ...{ schema: 'shop', name: 'orders', engine: 'InnoDB', length: 16_384, hasKey: true },
  ...{ collation: 'utf8mb4_0900_ai_ci', isEncrypted: false },
  ...more,
});

/** A site with one table. */
export const catalog = (more: Partial<Catalog> = {}): Catalog => ({
  schemas: [{ name: 'shop', characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' }],
  tables: [table()],
  views: [],
  objects: { triggers: 0, routines: 0, events: 0 },
  ...more,
});

/** A server whose log can be shipped. */
export const server = (more: Partial<ServerFacts> = {}): ServerFacts => ({
  ...{ version: '8.0.43', isMariaDb: false, uuid: '01234567-89ab-cdef-0123-456789abcdef' },
  ...{ writesLog: true, keepsGtids: true, logFormat: 'ROW', rowImage: 'FULL', maxAllowedPacket: 67_108_864 },
  ...more,
});
