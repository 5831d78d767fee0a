import type { AzureStandby } from '../../core/config/standby-schema.ts';
import { azureStandbyOf } from '../../core/standby/tier.ts';
import type { AzureSide } from './azure-side.ts';
import type { Cell } from './cell.ts';

/** A site with a standby in Azure. */
export interface AzureCell {
  readonly id: string;
  readonly standby: AzureStandby;
  readonly side: AzureSide;
}

/** The sites with a standby in Azure: of the others nothing is there, and a call about them goes nowhere. */
export const inAzure = (cells: readonly Cell[]): readonly AzureCell[] =>
  cells.flatMap(({ id, workload, site }) => {
    const standby = azureStandbyOf(workload);
    return standby === null || site.azure === null ? [] : [{ id, standby, side: site.azure }];
  });
