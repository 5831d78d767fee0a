import type { Config, Workload } from '../../../core/config/schema.ts';

type EdgeSettings = NonNullable<Workload['edge']['stack']>;

/**
 * The Region of every edge stack. CloudFront takes certificates and web ACLs from here only, and its access logs are
 * switched on here only; the other parts are global. None of it is asked on the day: edge locations hold their own copy.
 */
export const EDGE_REGION = 'us-east-1';

/** A workload whose distribution Pilotlight makes. */
export interface Site {
  readonly workloadId: string;
  readonly workload: Workload;
  readonly settings: EdgeSettings;
  /** The name that users type: of the certificate, the aliases and the distribution. */
  readonly host: string;
}

/**
 * The sites that get an edge stack: the workloads with `edge.stack`; the others bring their own distribution. That the
 * name lies in its zone, and that the strategy is one that a deployment does not undo, core/config/rules.ts has seen to.
 */
export function sitesOf(config: Config): readonly Site[] {
  return Object.entries(config.workloads).flatMap(([workloadId, workload]) => {
    const settings = workload.edge.stack;
    if (settings === undefined) return [];
    return [{ workloadId, workload, settings, host: new URL(workload.url).hostname }];
  });
}
