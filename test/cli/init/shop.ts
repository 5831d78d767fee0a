import { makeDiscovery } from '../../../clouds/aws/discovery/discovery.ts';
import { readConfig } from '../../../core/config/read.ts';
import type { Workload } from '../../../core/config/schema.ts';
import type { SimulatedAccount } from '../../clouds/aws/discovery/account-services.ts';
import { accountNetwork, denied, shopAccount } from '../../clouds/aws/discovery/account.ts';
import { makeWorld, type WorldOptions } from '../world.ts';

export const FILE = 'shop.config.yaml';
const EVERYTHING = ['init', '--config', FILE];

interface InitOptions extends Pick<WorldOptions, 'typed'> {
  readonly account?: Partial<SimulatedAccount>;
  readonly fault?: Parameters<typeof accountNetwork>[1];
}

/** A command line over the account of a shop in Seoul. */
export async function initWith({ typed, account, fault }: InitOptions, ...argv: readonly string[]) {
  const { access, calls, network } = accountNetwork(shopAccount(account), fault);
  const world = makeWorld({ discovery: makeDiscovery(access), ...(typed === undefined ? {} : { typed }) });
  const ended = await world.run(...EVERYTHING, ...argv);
  expect(network.unexpected).toEqual([]);
  const text = world.files.get(FILE) ?? '';
  const config = text === '' ? null : readConfig(text);
  /** Only where a file was written. */
  const shop = (config?.workloads['shop'] ?? {}) as Workload;
  return { ...ended, world, calls, text, config, shop };
}

export const SITE = ['--url', 'https://shop.acme.org'];
/** Credentials that AWS does not take. */
export const nothing = { fault: { GetCallerIdentity: denied } };
