import { notSystem } from '../database/server.ts';
import { identifier, literal, type Session } from '../database/session.ts';

/** Who the application is at the database. */
export interface ApplicationLogin {
  readonly user: string;
  readonly password: string;
}

const READS = 'SELECT, SHOW VIEW';
const WRITES = 'INSERT, UPDATE, DELETE, EXECUTE, CREATE TEMPORARY TABLES';

const account = ({ user }: ApplicationLogin): string => `${literal(user)}@'%'`;

/** Nobody logs in while the data are not whole. */
export async function closeApplication(session: Session, login: ApplicationLogin): Promise<void> {
  await session.query(`DROP USER IF EXISTS ${account(login)}`);
}

/** The application may read: so it can start and be looked at. It cannot write yet, because the primary may still take writes. */
export async function letRead(
  session: Session,
  login: ApplicationLogin,
  schemas: readonly string[],
): Promise<void> {
  await session.query(`CREATE USER IF NOT EXISTS ${account(login)} IDENTIFIED BY ${literal(login.password)}`);
  for (const schema of schemas)
    await session.query(`GRANT ${READS} ON ${identifier(schema)}.* TO ${account(login)}`);
}

/**
 * The application may write. A right on a schema reaches a connection that is open already only when it chooses the schema again;
 * one on a table reaches it at once, so both are given. Source: MySQL manual, "When Privilege Changes Take Effect".
 */
export async function letWrite(
  session: Session,
  login: ApplicationLogin,
  schemas: readonly string[],
): Promise<void> {
  for (const schema of schemas)
    await session.query(`GRANT ${READS}, ${WRITES} ON ${identifier(schema)}.* TO ${account(login)}`);
  const tables = await session.query(
    `SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND ${notSystem('table_schema')}`,
  );
  for (const [schema = '', name = ''] of tables) {
    await session.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${identifier(schema)}.${identifier(name)} TO ${account(login)}`,
    );
  }
}
