import type { Workload } from '../config/schema.ts';
import type { AzureStandby } from '../config/standby-schema.ts';
import { InvalidInput } from '../errors.ts';

/* What the tier of a standby means for whoever works with it: the one place that asks which it is. */

type Standing = Pick<Workload, 'standby'>;

/** The standby where it is in Azure, and ours; null where it is somebody else's. */
export const azureStandbyOf = ({ standby }: Standing): AzureStandby | null =>
  standby.tier === 'external' ? null : standby;

/**
 * The standby of a workload whose standby must be in Azure.
 * @throws InvalidInput where it is external: nothing of it is ours to start, to scale or to ask.
 */
export function requireAzureStandby(id: string, workload: Standing): AzureStandby {
  const standby = azureStandbyOf(workload);
  if (standby !== null) return standby;
  throw new InvalidInput('The standby', [
    `workloads.${id}.standby.tier: got "external", expected a tier in Azure: nothing of this standby is there`,
  ]);
}

/** What a good answer of the standby is: its own page where it has one, else that of the site. */
export const deepLookAtStandby = ({
  standby,
  health,
}: Pick<Workload, 'standby' | 'health'>): Workload['health']['deep'] =>
  (standby.tier === 'external' ? standby.deep : undefined) ?? health.deep;
