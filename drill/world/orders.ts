import { makeOrderBook } from '../../clouds/aws/ledger/order-book.ts';
import { makeWorkflow } from '../../clouds/aws/run/workflow.ts';
import { giveOrder } from '../../core/ledger/give-order.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import type { Happening } from '../scenario.ts';
import type { OrderTaken } from '../rules/rule.ts';
import type { Journal } from './journal.ts';

type OrderPlan = Extract<Happening, { what: 'order' }>;

/** People at a shell who steer the run that acts, and what became of their orders. */
export class Steering {
  readonly taken: OrderTaken[] = [];
  private readonly runtime: Runtime;
  private readonly workload: string;
  private readonly journal: Journal;

  constructor(options: { readonly runtime: Runtime; readonly workload: string; readonly journal: Journal }) {
    this.runtime = options.runtime;
    this.workload = options.workload;
    this.journal = options.journal;
  }

  /** What the command line does with the credentials of that person. */
  async give({ order, step, by }: OrderPlan): Promise<void> {
    const { aws, resources, config, clock } = this.runtime;
    const workflow = makeWorkflow({ ...aws, account: config.controller.account });
    const now = clock.now();
    const given = await giveOrder(makeOrderBook({ ...aws, tableName: resources.ledgerTable }), {
      workload: this.workload,
      order: {
        order,
        ...(step === undefined ? {} : { step }),
        by: `arn:aws:iam::${config.controller.account}:user/${by}`,
        reason: 'so that it is tried',
        at: new Date(now).toISOString(),
      },
      now,
      isPlanned: async (name) => (await workflow.describe(name))?.planned === true,
    });
    const what = step === undefined ? order : `${order} ${step}`;
    this.journal.note('people', `${by} orders: ${what}. ${given.words}`);
    if (given.kind === 'taken' && given.execution !== null)
      this.taken.push({ execution: given.execution, order, at: clock.now() });
  }
}
