import { uuidOf } from '../aws/aws-wire.ts';
import type { NodePoolView } from './azure-arm-view.ts';

/** A scaling that somebody asked for. */
export interface Scaling {
  readonly pool: string;
  readonly count: number;
  /** The autoscaler's bounds after the change; null where the pool does not scale on its own. */
  readonly autoscaling: NodePoolView['autoscaling'];
}

/** How the scaling goes. */
export interface ScalingPlan {
  readonly seconds: number;
  /** null where it succeeds. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** An operation that goes on after it was accepted; moments are milliseconds since the Unix epoch. */
export interface Operation {
  readonly id: string;
  readonly kind: 'backendhealth' | 'scaling';
  readonly startedAt: number;
  readonly endsAt: number;
  readonly scaling: Scaling | null;
  readonly failure: ScalingPlan['failure'];
}

/** The operations of one resource group, looked at by the clock: none of them needs a timer to end. */
export class Operations {
  private readonly operations: Operation[] = [];

  begin(
    operation: Pick<Operation, 'kind' | 'scaling' | 'failure'> & { readonly seconds: number },
  ): Operation {
    const { kind, scaling, failure } = operation;
    const startedAt = Date.now();
    const id = uuidOf(`arm operation ${this.operations.length}`);
    const begun = { id, kind, scaling, failure, startedAt, endsAt: startedAt + operation.seconds * 1_000 };
    this.operations.push(begun);
    return begun;
  }

  find(kind: Operation['kind'], id: string): Operation | undefined {
    return this.operations.find((operation) => operation.kind === kind && operation.id === id);
  }

  /** The scaling that a pool is in, if it is in one. */
  current(pool: string): Operation | undefined {
    return this.operations.find(
      (operation) => operation.scaling?.pool === pool && Date.now() < operation.endsAt,
    );
  }

  /** The pool as Azure shows it: while it scales, with the number that was asked for; marked where the last scaling failed. */
  shown(pool: NodePoolView): NodePoolView {
    const last = this.operations.findLast((operation) => operation.scaling?.pool === pool.name);
    if (last === undefined || last.scaling === null) return pool;
    if (Date.now() >= last.endsAt)
      return last.failure === null ? pool : { ...pool, provisioningState: 'Failed' };
    const { count, autoscaling } = last.scaling;
    return { ...pool, count, autoscaling, provisioningState: 'Scaling' };
  }
}
