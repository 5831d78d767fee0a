/**
 * The mover as a process of its own, for tests that kill it: the commands are the real ones, only the credential is the test's.
 *
 *   node mover-process.ts '{"command":"ship","url":"https://...","login":{...},"work":"/tmp/..."}'
 */
import { setTimeout as wait } from 'node:timers/promises';
import { apply } from '../../../mover/apply/apply.ts';
import { writeOptionFile, type Login } from '../../../mover/database/login.ts';
import { dump } from '../../../mover/dump/dump.ts';
import { loadHome } from '../../../mover/home/load-home.ts';
import { makeLog } from '../../../mover/log.ts';
import { ship } from '../../../mover/ship/ship.ts';
import { openStore } from '../../../mover/store/blob-store.ts';
import { credential } from './blob-service.ts';

/** What such a process is asked to do. */
export interface MoverTask {
  readonly command: 'ship' | 'apply' | 'home';
  /** The dump that `home` loads in the place of what is there. */
  readonly dump?: string;
  readonly url: string;
  readonly login: Login;
  readonly workload: string;
  readonly work: string;
}

async function run(task: MoverTask): Promise<void> {
  const { backups, handover } = openStore(task.url, credential);
  const now = (): number => Date.now();
  const common = {
    workload: task.workload,
    optionFile: writeOptionFile(task.login).path,
    host: task.login.host,
    work: task.work,
    jobs: 2,
    now,
    sleep: (ms: number) => wait(ms).then(() => undefined),
    log: makeLog((line) => process.stderr.write(line), now),
  };
  const never = new AbortController().signal;
  if (task.command === 'home') {
    await loadHome({ ...common, store: { backups, handover } }, task.dump ?? '', true);
    return;
  }
  if (task.command === 'ship') {
    const makeDump = async (): Promise<void> => {
      await dump({ ...common, checksums: false, backups });
    };
    await ship({ ...common, everySeconds: 1, spoolMax: 1e9, backups, makeDump }, never);
  } else {
    await apply(
      {
        ...common,
        ...{
          store: { backups, handover },
          follow: true,
          everySeconds: 1,
          readyFile: null,
          application: null,
        },
        ...{ dump: null, replace: false, correlationId: 'kills', schemaOfV1: 'app' },
        ...{ until: null, only: null, loadOnly: false },
      },
      never,
    );
  }
}

if (process.argv[1] === import.meta.filename) await run(JSON.parse(process.argv[2] ?? '{}') as MoverTask);
