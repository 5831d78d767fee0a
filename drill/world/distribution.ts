import type { Workload } from '../../core/config/schema.ts';
import {
  cloudFrontService,
  makeDistribution,
  touch,
  type CloudFrontState,
} from '../clouds/aws/cloudfront.ts';
import type { Service } from '../clouds/wire/wire-shape.ts';
import type { Journal } from './journal.ts';

/** AWS said in 2020 that an update is reliably everywhere within five minutes. Milliseconds. */
const DEPLOYMENT_MS = 285_000;

const list = (name: string, items: readonly string[]): string =>
  `<${name}><Quantity>${items.length}</Quantity>${items.length === 0 ? '' : `<Items>${items.join('')}</Items>`}</${name}>`;

/** A distribution of the customer's own, without functions: three origins, and probe behaviours that never move. */
function configXml(workload: Workload): string {
  const ids = Object.entries(workload.edge.originIds);
  const origins = ids.map(
    ([origin, id]) => `<Origin><Id>${id}</Id><DomainName>${origin}.example.com</DomainName></Origin>`,
  );
  const probes = ids.map(
    ([origin, id]) =>
      `<CacheBehavior><PathPattern>/__pilotlight/${origin}/*</PathPattern><TargetOriginId>${id}</TargetOriginId></CacheBehavior>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>petclinic</CallerReference>' +
    `${list('Origins', origins)}${list('OriginGroups', [])}` +
    `<DefaultCacheBehavior><TargetOriginId>${workload.edge.originIds.primary}</TargetOriginId></DefaultCacheBehavior>` +
    `${list('CacheBehaviors', probes)}<Comment>PetClinic</Comment><Enabled>true</Enabled></DistributionConfig>`
  );
}

/** The control plane of CloudFront over the site's distribution. */
export function distributionService(options: {
  readonly workload: Workload;
  readonly account: string;
  readonly journal: Journal;
  /** How often somebody deploys the distribution between the controller's look and its update. */
  readonly conflicts: number;
  /** Users are sent elsewhere: `origin` is our word for it, which need not be its id in the distribution. */
  readonly onTarget: (origin: string) => void;
}): Service {
  const { distributionId, originIds } = options.workload.edge;
  const originOf = new Map(Object.entries(originIds).map(([origin, id]) => [id, origin]));
  let target = originIds.primary;
  const state: CloudFrontState = {
    distributions: [makeDistribution(distributionId, options.account, configXml(options.workload))],
    deploymentMs: () => DEPLOYMENT_MS,
    onUpdate: ({ targets }) => {
      if (targets.defaultTarget === target) return;
      target = targets.defaultTarget;
      options.onTarget(originOf.get(target) ?? target);
    },
  };
  const service = cloudFrontService(state);
  let conflicts = options.conflicts;
  return {
    ...service,
    answer: async (request) => {
      const answer = await service.answer(request);
      const looked = request.method === 'GET' && request.path.endsWith('/config');
      if (looked && conflicts > 0) {
        conflicts -= 1;
        touch(state, distributionId, `deployed by hand, ${conflicts} more`);
        options.journal.note('people', 'somebody deploys the distribution at this very moment');
      }
      return answer;
    },
  };
}
