import { notSystem } from '../database/server.ts';
import { literal } from '../database/session.ts';
import { MoverError, wordsOf } from '../errors.ts';

import { beginLoad, currentLoad, finishLoad, type Books, type Load } from './bookkeeping.ts';
import { chooseDump, type Choice } from './choose.ts';
import { dropSchemas, loadDump, schemasOf } from './load.ts';
import { endSessions, followOf, type Follow } from './follow-again.ts';
import { closeApplication } from './open.ts';
import type { ApplyOptions } from './options.ts';

/** Loads a dump where nothing is there that can be gone on with. The database itself remembers what was loaded. */
export class Loader {
  private readonly options: ApplyOptions;
  private readonly books: Books;
  private readonly tellBegun: () => Promise<void>;
  private readonly damaged = new Set<string>();

  constructor(options: ApplyOptions, books: Books, tellBegun: () => Promise<void>) {
    this.options = options;
    this.books = books;
    this.tellBegun = tellBegun;
  }

  async keepOrLoad(): Promise<Load> {
    const load = await currentLoad(this.books.session);
    if (load !== null && this.keeps(load)) return load;
    const isCutOff = load?.isFinished === false && load.correlationId === this.options.correlationId;
    return this.loadAnew(load, isCutOff ? await followOf(this.books.session, load) : null);
  }

  /** What is there stays, unless a person wants another dump or lets it go; a repeated run of one request changes nothing. */
  private keeps(load: Load): boolean {
    const { replace, dump, correlationId } = this.options;
    if (!load.isFinished || load.correlationId === correlationId) return load.isFinished;
    return !replace && (dump === null || dump === load.dump);
  }

  /**
   * @param follow the order by which what is there goes, whatever the process was begun with; null where there is none
   * @throws MoverError `damaged` where no dump can be used, `refused` where the database holds what is somebody's
   */
  async loadAnew(found: Load | null, follow: Follow | null = null): Promise<Load> {
    const { store, workload, log } = this.options;
    const dump = follow === null ? this.options.dump : null;
    const place = { backups: store.backups, workload, newerThan: follow?.newerThan ?? '' };
    for (let before = found; ; before = await currentLoad(this.books.session)) {
      const choice = await chooseDump(place, dump, this.damaged);
      try {
        return await this.loadOne(choice, before, follow !== null);
      } catch (error) {
        if (!(error instanceof MoverError) || error.failure !== 'damaged' || dump !== null) throw error;
        log.warn('dump-damaged', { dump: choice.name, because: wordsOf(error) });
        this.damaged.add(choice.name);
      }
    }
  }

  private async loadOne({ name, manifest }: Choice, before: Load | null, isByOrder: boolean): Promise<Load> {
    const { schemaOfV1, application, correlationId, now, log, workload, optionFile, store, jobs } =
      this.options;
    const { session, word, mayReplay } = this.books;
    const schemas = schemasOf(manifest, schemaOfV1);
    if (!isByOrder) await this.refuseForeignData(schemas, before);
    log.info('load-begins', { dump: name });
    const startedAt = now();
    const gtidSet = manifest.schemaVersion === 2 ? (manifest.gtidSet ?? '') : '';
    if (application !== null) {
      await closeApplication(session, application);
      await endSessions(session, optionFile, { login: application, log });
    }
    const createdAt = Date.parse(manifest.createdAt);
    // Those that go are on record as well, until they are gone: the next process throws them away if this one cannot.
    const going = [...new Set([...schemas, ...(before?.schemas ?? [])])];
    await beginLoad(session, { dump: name, correlationId, gtidSet, createdAt, startedAt, schemas: going });
    await this.tellBegun();
    await dropSchemas(session, going);
    const options = { workload, optionFile, backups: store.backups, jobs, schemaOfV1, word };
    await loadDump({ ...options, withoutLog: mayReplay }, name, manifest);
    await finishLoad(session, schemas, now());
    log.info('load-done', { dump: name, seconds: (now() - startedAt) / 1000 });
    const load = await currentLoad(session);
    if (load === null)
      throw new MoverError('database', 'LOAD_LOST', 'the load that was just finished is not on record');
    return load;
  }

  /** What no load put there is somebody's; what a load put there is, once the application could write to it. */
  private async refuseForeignData(schemas: readonly string[], before: Load | null): Promise<void> {
    if (this.options.replace) return;
    const ours = new Set((before?.schemas ?? []).map((schema) => schema.toLowerCase()));
    const names = schemas.map((schema) => literal(schema.toLowerCase())).join(', ');
    const rows = await this.books.session.query(
      `SELECT LOWER(table_schema), COUNT(*) FROM information_schema.tables
       WHERE LOWER(table_schema) IN (${names}) AND ${notSystem('table_schema')} GROUP BY LOWER(table_schema)`,
    );
    const foreign = rows.filter(([schema = '']) => !ours.has(schema));
    if (foreign.length === 0 && (before?.openedFor ?? null) === null) return;
    const what =
      foreign.length > 0
        ? `holds tables that no load put there (${foreign.map(([schema]) => schema).join(', ')})`
        : `was opened for the application by ${before?.openedFor ?? ''}, and holds perhaps what users have written since`;
    throw new MoverError(
      'refused',
      'DATABASE_IN_USE',
      `The database ${what}. Nothing was changed. If those data may go, run again with --replace; if not, bring them home first (docs/procedures.md).`,
    );
  }
}
