import { makeApprovals } from '../../clouds/aws/approval/approvals.ts';
import type { Approvals } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const approvalsOf = (runtime: Runtime): Approvals =>
  makeApprovals({ ...runtime.aws, tableName: runtime.resources.ledgerTable, clock: runtime.clock });
