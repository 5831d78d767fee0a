import { openFence, type FenceRule } from '../../core/route/fence.ts';
import type { SeededRandom } from '../random.ts';
import type { Application, OriginAnswer, OriginRequest } from './application.ts';

/** One node for each zone; each learns of a changed rule at its own moment. Assumed: AWS publishes no figure. */
const NODES = 3;
const LEARNS_WITHIN_SECONDS = [1, 5] as const;

/** `*` and `?` as a load balancer takes them. */
const matches = (pattern: string, path: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(path);

/** The primary's load balancer: its nodes, and the rule that is the fence, where it has one. Dead with the application behind it. */
export class PrimaryDoor {
  /** Moments at which every node had shut the fence; milliseconds since the Unix epoch. */
  readonly shutAt: number[] = [];
  private readonly application: Application;
  private readonly random: SeededRandom;
  /** Paths that a rule before the fence sends on, by GET: health checks and probes. */
  private readonly looks: readonly string[];
  private readonly nodes: FenceRule[] | null;
  private changes = 0;

  constructor(options: {
    readonly application: Application;
    readonly random: SeededRandom;
    readonly hasFence: boolean;
    readonly looks: readonly string[];
  }) {
    this.application = options.application;
    this.random = options.random;
    this.looks = options.looks;
    this.nodes = options.hasFence ? Array.from({ length: NODES }, () => openFence) : null;
  }

  /** The rule is changed; the newest change wins on each node. */
  change(rule: FenceRule): void {
    const { nodes } = this;
    if (nodes === null) return;
    this.changes += 1;
    const change = this.changes;
    const learns = nodes.map(() => this.random.between(...LEARNS_WITHIN_SECONDS) * 1000);
    learns.forEach((ms, index) => {
      setTimeout(() => {
        if (this.changes === change) nodes[index] = rule;
      }, ms);
    });
    if (rule.status === openFence.status) return;
    setTimeout(
      () => {
        if (this.changes === change) this.shutAt.push(Date.now());
      },
      Math.max(...learns),
    );
  }

  answer(request: OriginRequest): OriginAnswer | null {
    if (this.nodes === null || this.application.condition === 'silent')
      return this.application.answer(request);
    const [path = ''] = request.path.split('?');
    const rule = this.random.pick(this.nodes);
    const isLook = request.method === 'GET' && this.looks.includes(path);
    if (isLook || !rule.paths.some((pattern) => matches(pattern, path)))
      return this.application.answer(request);
    return { status: rule.status, body: rule.body, headers: { 'content-type': 'text/plain' } };
  }
}
