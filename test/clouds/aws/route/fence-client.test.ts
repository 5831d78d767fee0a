import { makeFence } from '../../../../clouds/aws/route/fence-client.ts';
import { elbRulesService, type ChangedRule } from '../../../../drill/clouds/aws/elb-rules.ts';
import { Network } from '../../../../drill/clouds/wire/wire.ts';
import { rejectionOf } from '../helpers.ts';

const RULE =
  'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee';

/** The real client of the SDK over the simulated service. */
function fenceOf(ruleArn = RULE) {
  const changes: ChangedRule[] = [];
  const rules = new Map([[RULE, (rule: ChangedRule) => void changes.push(rule)]]);
  const network = new Network({ services: [elbRulesService({ rules, targets: new Map() })] });
  const access = {
    region: 'ap-northeast-1',
    transport: network.awsRequestHandler(),
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  };
  return { fence: makeFence({ ...access, ruleArn }), changes, network };
}

describe('the fence', () => {
  it('is shut for every path, in the Region of its rule, with words that name the epoch', async () => {
    const { fence, changes } = fenceOf();
    await fence.shut(12);
    expect(changes).toEqual([{ paths: ['/*'], status: 503, body: 'pilotlight fence: shut at epoch 12.' }]);
  });

  it('is open where it matches nothing but its own path', async () => {
    const { fence, changes } = fenceOf();
    await fence.open();
    expect(changes).toEqual([
      { paths: ['/__pilotlight/fence'], status: 200, body: 'pilotlight fence: open' },
    ]);
  });

  it('that does not exist is refused, with what to do', async () => {
    const { fence } = fenceOf(RULE.replace(/9683b2d02a6cabee$/, '0000000000000000'));
    expect(await rejectionOf(fence.shut(1))).toMatchObject({
      name: 'CloudRefused',
      message: expect.stringMatching(/ELBv2 ModifyRule.*RuleNotFound.*Compare the name or ARN/s),
    });
  });
});
