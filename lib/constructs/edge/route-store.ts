import { RemovalPolicy } from 'aws-cdk-lib';
import { KeyValueStore, type IKeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { edgeName, pinLogicalId } from './names.ts';
import type { Site } from './site.ts';

/**
 * Where the route lives. Only the store is ours, its values are the controller's: there is no `source`, because an import
 * would write them again with a deployment, in the middle of a failover at worst. An empty store serves the primary, by
 * the edge function's own default.
 */
export class RouteStore extends Construct {
  readonly store: IKeyValueStore;

  constructor(scope: Construct, id: string, { workloadId }: Site) {
    super(scope, id);
    const store = new KeyValueStore(this, 'Store', {
      keyValueStoreName: edgeName(workloadId),
      comment: `Route of ${workloadId}; written by the controller only`,
    });
    // Kept when the stack goes, and never replaced: with an empty store all users would be back at the primary.
    store.applyRemovalPolicy(RemovalPolicy.RETAIN);
    pinLogicalId(store, 'RouteStore');
    this.store = store;
  }
}
