import { makeBackgroundInvoker } from '../../clouds/aws/run/background-invoker.ts';
import { makeSlackSecret } from '../../clouds/aws/secrets.ts';
import { CloudRefused } from '../../core/errors.ts';
import type { Runtime, Step } from '../runtime.ts';
import { makeSlackGateway } from './slack-gateway.ts';

/** What the gateway needs: no ledger, no topic, and the name of the function that does the work. */
export type GatewayRuntime = Pick<Runtime, 'config' | 'clock' | 'log' | 'aws'> & {
  readonly workerFunction: string;
};

export function compose(runtime: GatewayRuntime): Step {
  const { slack } = runtime.config.controller;
  if (slack === undefined) {
    throw new CloudRefused({
      call: 'Slack gateway',
      got: 'a configuration without controller.slack',
      next: 'Add controller.slack and deploy again, or take the gateway away.',
    });
  }
  return makeSlackGateway({
    home: slack,
    clock: runtime.clock,
    log: runtime.log,
    secret: makeSlackSecret({ ...runtime.aws, secretName: slack.secretName, clock: runtime.clock }),
    handOver: makeBackgroundInvoker({ ...runtime.aws, functionName: runtime.workerFunction }),
  });
}
