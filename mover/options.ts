import * as z from 'zod';
import { DUMP_NAME } from '../core/data/layout.ts';
import { WORKLOAD_ID } from '../core/config/schema.ts';

/** One option of the command line: what it takes, what it is for, and how its text is read. */
export interface OptionRow {
  /** What stands after it in the help; null for a switch. */
  readonly value: string | null;
  readonly about: string;
  readonly schema: z.ZodType;
}

const whole = (low: number, high: number, preset: number): z.ZodType =>
  z.coerce.number().int().min(low).max(high).default(preset);
const optional = (schema: z.ZodType = z.string().min(1)): z.ZodType => schema.nullable().default(null);
const isSwitch: z.ZodType = z.boolean().default(false);

/** Every option of every command, by its name. */
export const optionRows = {
  workload: {
    value: 'ID',
    about: 'the workload, as the configuration of Pilotlight names it',
    schema: z.string().regex(WORKLOAD_ID, '2 to 12 of a-z and 0-9, beginning with a letter'),
  },
  store: {
    value: 'URL',
    about: 'the storage account, such as https://stpetclinicdata1a2b3c.blob.core.windows.net',
    schema: z.url({ protocol: /^https$/, error: 'an https address of a storage account' }),
  },
  identity: {
    value: 'KIND',
    about: 'aws-role on an instance in AWS, workload-identity in a pod in AKS',
    schema: z.enum(['aws-role', 'workload-identity']),
  },
  'tenant-id': { value: 'UUID', about: 'Entra tenant, for aws-role', schema: optional(z.guid()) },
  'client-id': {
    value: 'UUID',
    about: 'client id of the identity that trusts the role, for aws-role',
    schema: optional(z.guid()),
  },
  region: { value: 'REGION', about: 'AWS Region of the role and of the secret', schema: optional() },
  host: { value: 'NAME', about: 'the database', schema: z.string().min(1) },
  port: { value: 'N', about: 'its port (3306)', schema: whole(1, 65_535, 3306) },
  user: { value: 'NAME', about: 'who logs in, with --password-file', schema: optional() },
  'password-file': { value: 'FILE', about: 'file with the password', schema: optional() },
  'secret-arn': {
    value: 'ARN',
    about: 'secret in Secrets Manager with username and password, in place of the two',
    schema: optional(),
  },
  'ssl-mode': {
    value: 'MODE',
    about: 'VERIFY_IDENTITY (default), VERIFY_CA, REQUIRED or DISABLED',
    schema: z.enum(['VERIFY_IDENTITY', 'VERIFY_CA', 'REQUIRED', 'DISABLED']).default('VERIFY_IDENTITY'),
  },
  'ssl-ca': { value: 'FILE', about: 'certificates to trust', schema: optional() },
  work: {
    value: 'FOLDER',
    about: 'folder for what is on its way (default /var/lib/pilotlight-mover)',
    schema: z.string().min(1).default('/var/lib/pilotlight-mover'),
  },
  jobs: { value: 'N', about: 'processes side by side (4)', schema: whole(1, 64, 4) },
  'no-checksums': {
    value: null,
    about: 'count the rows of each table and take no checksum',
    schema: isSwitch,
  },
  every: {
    value: 'SECONDS',
    about: 'seconds between two rounds (ship 10, apply 5, serve-home 5 and 20 while nothing is ordered)',
    schema: optional(z.coerce.number().int().min(2).max(30)),
  },
  'spool-max-mb': {
    value: 'N',
    about: 'log that is kept here while the store does not answer, in MB (8192)',
    schema: whole(256, 1_000_000, 8_192),
  },
  follow: { value: null, about: 'go on with what is shipped, and answer the hand-over', schema: isSwitch },
  'ready-file': {
    value: 'FILE',
    about: 'is there while the database has caught up, or is open',
    schema: optional(),
  },
  'application-user': {
    value: 'NAME',
    about: "the application's login, which reads from the load on and writes from the hand-over on",
    schema: optional(z.string().regex(/^[A-Za-z]\w{0,31}$/, 'a user name')),
  },
  'application-password-file': { value: 'FILE', about: 'file with its password', schema: optional() },
  dump: {
    value: 'NAME',
    about: 'load this dump, such as 20261127T030000Z, in place of the newest',
    schema: optional(z.string().regex(DUMP_NAME, 'a UTC time like 20261127T030000Z')),
  },
  replace: { value: null, about: 'throw away what the database holds', schema: isSwitch },
  'correlation-id': {
    value: 'ID',
    about: 'who asks: the same id never loads twice (default standing)',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, '1 to 64 of A-Z, a-z, 0-9 and -')
      .default('standing'),
  },
  schema: {
    value: 'NAME',
    about: 'where a dump of the first layout goes (default: the workload)',
    schema: optional(z.string().regex(/^\w{1,64}$/, 'the name of a database')),
  },
  until: {
    value: 'TIME',
    about: 'apply nothing that was committed later; UTC, such as 2026-11-27T02:59:00Z',
    schema: optional(z.iso.datetime()),
  },
  'load-only': {
    value: null,
    about: 'load the dump and replay nothing: for a server that takes no binary log, such as RDS',
    schema: isSwitch,
  },
  home: {
    value: null,
    about: "for the way home: a dump of the standby, or the standby's figures",
    schema: isSwitch,
  },
  since: {
    value: 'NAME',
    about:
      'with --home: dump only what was written since this dump; behind the shield, nobody may write meanwhile',
    schema: optional(z.string().regex(DUMP_NAME, 'a UTC time like 20261127T030000Z')),
  },
  anew: {
    value: null,
    about: 'export once more, with what the primary has written since the last export',
    schema: isSwitch,
  },
  rehearse: {
    value: null,
    about: "load beside the site's schemas, and leave those as they are",
    schema: isSwitch,
  },
  settle: {
    value: null,
    about: 'load nothing: users are home. Wake the events, drop what was there before, dump anew',
    schema: isSwitch,
  },
  discard: {
    value: null,
    about: "load nothing: nobody comes home. Drop what was loaded beside the site's schemas",
    schema: isSwitch,
  },
  take: {
    value: null,
    about: "take the figures and put them into the store: on the primary's side",
    schema: isSwitch,
  },
  json: { value: null, about: 'print one JSON document and nothing else', schema: isSwitch },
  help: { value: null, about: 'print this text', schema: isSwitch },
} as const satisfies Record<string, OptionRow>;
export type OptionName = keyof typeof optionRows;

const STORE: readonly OptionName[] = ['workload', 'store', 'identity', 'tenant-id', 'client-id', 'region'];
const DATABASE: readonly OptionName[] = [
  'host',
  'port',
  'user',
  'password-file',
  'secret-arn',
  'ssl-mode',
  'ssl-ca',
];

/** The commands, in the order of the help. */
export const commandRows = {
  dump: {
    about: 'Dumps the database into the store, consistent, with its place in the binary log.',
    options: [...STORE, ...DATABASE, 'home', 'since', 'jobs', 'no-checksums', 'work'],
  },
  ship: {
    about:
      'Ships the binary log into the store, every few seconds, until it is stopped. Makes a dump where there is none.',
    options: [...STORE, ...DATABASE, 'every', 'work', 'spool-max-mb', 'jobs', 'no-checksums'],
  },
  apply: {
    about: 'Loads the newest dump, or keeps what is there, and replays the log since.',
    options: [
      ...[
        ...STORE,
        ...DATABASE,
        'follow',
        'every',
        'ready-file',
        'application-user',
        'application-password-file',
      ],
      ...['dump', 'replace', 'correlation-id', 'schema', 'until', 'load-only', 'jobs', 'work'],
    ] as OptionName[],
  },
  verify: {
    about:
      'Compares this database with the figures that the other side took at the same point; with --take, takes them.',
    options: [...STORE, ...DATABASE, 'home', 'take', 'no-checksums', 'work'],
  },
  prove: {
    about:
      'Loads the newest dump and the log since into a private server, compares it with the primary, and throws it away.',
    options: [...STORE, ...DATABASE, 'jobs', 'no-checksums', 'work'],
  },
  orphans: {
    about: 'Exports what the primary has and the standby never had, from the log of the primary.',
    options: [...STORE, ...DATABASE, 'anew', 'work'],
  },
  gates: {
    about: 'Asks the primary, by name, what must hold before data are loaded over its own. Prints JSON.',
    options: [...STORE, ...DATABASE, 'work'],
  },
  home: {
    about:
      'Loads a dump of the standby into the primary, the newest by default, in the place of what is there.',
    options: [...STORE, ...DATABASE, 'dump', 'rehearse', 'settle', 'discard', 'jobs', 'work'],
  },
  'serve-home': {
    about: "Does what the controller orders of the primary's side for the way home, until it is stopped.",
    options: [...STORE, ...DATABASE, 'every', 'jobs', 'no-checksums', 'work'],
  },
  status: {
    about: 'Tells the recovery point, from what is in the store.',
    options: [...STORE, 'json'],
  },
} as const satisfies Record<string, { readonly about: string; readonly options: readonly OptionName[] }>;
export type CommandName = keyof typeof commandRows;
