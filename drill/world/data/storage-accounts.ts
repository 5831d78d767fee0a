import { BlobStore } from '../../clouds/azure/blob-store.ts';

/** The storage accounts of the world: several workloads may share one. */
export class StorageAccounts {
  private readonly stores = new Map<string, BlobStore>();

  /** The account of that name, with the containers that terraform/azure makes in it. */
  of(account: string): BlobStore {
    const store =
      this.stores.get(account) ?? new BlobStore({ immutable: ['backups'], mutable: ['handover', 'runner'] });
    this.stores.set(account, store);
    return store;
  }

  get all(): readonly (readonly [string, BlobStore])[] {
    return [...this.stores];
  }
}
