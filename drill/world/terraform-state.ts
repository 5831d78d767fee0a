import type { StageBegin, StageEnd } from '../clouds/azure/run-timers.ts';
import type { Journal } from './journal.ts';

/** What a stage says whose Terraform has found the lock held. Words: pipelines/scripts/run-terraform.sh. */
const LOCKED =
  'STATE_LOCKED: the state petclinic/failover.tfstate is locked by another run. It was not broken.';
/** Terraform that finds nothing to change, init and refresh included; assumed. Seconds. */
const NOTHING_TO_DO_SECONDS = 40;

const APPLYING = 'Infrastructure';

interface Waiting {
  readonly begin: StageBegin;
  readonly since: number;
  readonly waitSeconds: number;
}

/** The Terraform state of a standby: its lock, which one run at a time holds, and the markers of what is done. */
export class TerraformState {
  private readonly journal: Journal;
  private holder: StageBegin['run'] | null = null;
  private readonly done = new Set<string>();
  private waiting: Waiting[] = [];
  /** How often an apply held the lock: two runs of one request must not do the work twice. */
  applies = 0;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** A stage begins: the one that applies takes the lock, or waits for it so many seconds. */
  begin(begin: StageBegin, waitSeconds: number): void {
    const { run, stage, replan } = begin;
    if (stage.name !== APPLYING) return;
    if (this.done.has(correlationOf(run))) {
      replan({ ...stage, durationSeconds: NOTHING_TO_DO_SECONDS, outcome: 'succeeded', errors: [] });
      return;
    }
    if (this.holder === null) {
      this.take(run);
      return;
    }
    this.journal.note('azure', `the run ${run.name} waits for the lock of the Terraform state`);
    this.waiting.push({ begin, since: Date.now(), waitSeconds });
    replan({ ...stage, durationSeconds: waitSeconds, outcome: 'failed', errors: [LOCKED] });
  }

  /** A stage ends: whoever held the lock lets go of it, and the next one that waits takes it. */
  end({ run, stage, result }: StageEnd): void {
    if (stage !== APPLYING) return;
    this.waiting = this.waiting.filter(({ begin }) => begin.run !== run);
    if (this.holder !== run) return;
    this.holder = null;
    if (result === 'succeeded') this.done.add(correlationOf(run));
    const next = this.waiting.shift();
    if (next === undefined) return;
    const { begin, since } = next;
    this.take(begin.run);
    const waited = (Date.now() - since) / 1000;
    const work = result === 'succeeded' ? NOTHING_TO_DO_SECONDS : begin.stage.durationSeconds;
    begin.replan({ ...begin.stage, durationSeconds: waited + work });
  }

  private take(run: StageBegin['run']): void {
    this.holder = run;
    this.applies += 1;
  }
}

/** The request that a run is for: a pipeline has it as a parameter, a container in its environment. */
export const correlationOf = ({ parameters }: StageBegin['run']): string =>
  parameters['correlationId'] ?? parameters['CORRELATION_ID'] ?? '';
