import type { Discovery } from '../core/config/discovery.ts';
import type { Config } from '../core/config/schema.ts';
import type { DataReports } from '../core/data/ports.ts';
import type { Caller, Operations, Workflow } from '../core/ledger/operations.ts';
import type {
  Approvals,
  Clock,
  Fence,
  Ledger,
  OrderBook,
  RouteStore,
  SpreadLedger,
  WatchMemories,
} from '../core/ports.ts';
import type { ParkedRecords } from '../core/standby/parked.ts';
import type { ExitCode, Exits } from './exit.ts';
import type { Out } from './output.ts';

/** A word of the command line by its place. */
export interface Operand {
  readonly name: string;
  readonly about: string;
  readonly required: boolean;
  /** The only words that are taken; any word where it is left out. */
  readonly choices?: readonly string[];
  /** What completion offers where there are no fixed choices. */
  readonly completes?: 'workload' | 'file';
}

/** A word of the command line by its name. */
export interface Option {
  readonly name: string;
  /** What stands for the value in the help; null for a switch. */
  readonly value: string | null;
  readonly about: string;
  readonly required?: boolean;
}

/** What was written on the command line: operands and options by name, switches as true. */
export type Args = Readonly<Record<string, string | boolean | undefined>>;

/** What every command may use. */
export interface PlainDeps {
  readonly out: Out;
  /** Where the configuration is, as given. */
  readonly configFile: string;
  /** @throws CommandFailure (3) where the file cannot be read. */
  readonly readText: (file: string) => string;
}

/** What a command that acts may use: the clouds behind narrow ports, so that a test puts a simulated wire under them. */
export interface CloudDeps {
  readonly operations: Operations;
  readonly ledger: Pick<Ledger, 'takeLease'>;
  readonly approvals: Approvals;
  /** What people tell runs. */
  readonly orders: OrderBook;
  readonly memories: Pick<WatchMemories, 'read'>;
  readonly reports: Pick<DataReports, 'read'>;
  /** What is remembered of parked standbys. */
  readonly parked: ParkedRecords;
  /** Has a parked standby looked at now; it returns when Lambda has taken the order. */
  readonly lookAtParked: (workload: string) => Promise<void>;
  readonly spreads: Pick<SpreadLedger, 'read'>;
  readonly workflow: Workflow;
  readonly routes: RouteStore;
  /** Null where the primary has none. */
  readonly doorFence: (workload: string) => Fence | null;
  readonly caller: () => Promise<Caller>;
}

/** Asks the person; null where there is no terminal to ask on, or no answer comes. */
export type Ask = (question: string) => Promise<string | null>;

export interface Deps extends PlainDeps, CloudDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly ask: Ask;
}

/** What a command may use that works before there is a configuration: it looks an account up, asks, and writes a file. */
export interface BeginDeps extends PlainDeps {
  readonly discovery: Discovery;
  /** null where there is no terminal to ask on. */
  readonly ask: Ask | null;
  readonly isFile: (file: string) => boolean;
  /** The whole of a file or nothing of it. @throws CommandFailure (1) where it cannot be written. */
  readonly writeText: (file: string, text: string) => void;
}

interface CommandText {
  /** One word, or two such as `route set`. */
  readonly name: string;
  readonly summary: string;
  /** What the reader must know beyond the summary. */
  readonly details?: string;
  readonly operands: readonly Operand[];
  readonly options: readonly Option[];
  readonly examples: readonly string[];
  readonly exits: Exits;
}

/** A command: how it is written, and what it does. */
export type Command = CommandText &
  (
    | { readonly needs: 'nothing'; run(args: Args, deps: PlainDeps): Promise<ExitCode> }
    | { readonly needs: 'discovery'; run(args: Args, deps: BeginDeps): Promise<ExitCode> }
    | { readonly needs: 'clouds'; run(args: Args, deps: Deps): Promise<ExitCode> }
  );
