import { CloudUnavailable } from '../../core/errors.ts';
import { makeShutFence } from '../../lambdas/shut-fence/shut-fence.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { configWith, lease, refusalOf, run } from './fixture.ts';
import {
  bad,
  blind,
  callOf,
  MemoryFence,
  MemoryLedger,
  MemoryLog,
  MemoryProber,
  VirtualClock,
  type Sight,
} from './helpers.ts';

/* The shop converges with a streak of 3 looks, 2 s apart; writes that were let in before may take 15 s. */
const config = configWith((shop) => {
  Object.assign(shop.primary, {
    fence: {
      listenerRuleArn:
        'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener-rule/app/shop/0123456789abcdef/0123456789abcdef/0123456789abcdef',
    },
  });
});
const shield = { epoch: 4, movedAt: '2026-03-02T09:59:58.000Z' };
const shut = { observation: 'good', status: 503, origin: null, detail: 'answered 503' } as const;

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly prober: MemoryProber;
  readonly fence: MemoryFence;
}

function bench(sight: Sight = () => shut, hasFence = true): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const prober = new MemoryProber(clock, sight);
  const fence = new MemoryFence();
  const step = makeShutFence({
    ...{ config, clock, log: new MemoryLog(), ledger, prober },
    doorFence: () => (hasFence ? fence : null),
  });
  return { step, clock, ledger, prober, fence };
}

const act = (at: Bench): Promise<unknown> => at.step({ run, lease, shield }, callOf(at.clock, 200));

describe('shut-fence', () => {
  it('shuts the door for the epoch of the shield, and has proof when every place has seen that for the time of draining', async () => {
    const at = bench();
    expect(await act(at)).toEqual({
      shut: true,
      detail: 'the fence is shut',
      evidence: {
        converged: true,
        by: 'fence',
        firstGoodAt: '2026-03-02T10:00:00.000Z',
        convergedAt: '2026-03-02T10:00:16.000Z',
        firstPlaceSeconds: 2,
        lastPlaceSeconds: 2,
        places: [
          { place: 'tokyo', seconds: 2 },
          { place: 'dublin', seconds: 2 },
        ],
      },
    });
    expect(at.fence.asked).toEqual(['shut 4']);
    expect(at.ledger.renewals).toHaveLength(1);
  });

  it('asks the door itself, for the words of this very shield', async () => {
    const at = bench();
    await act(at);
    expect(at.prober.asked[0]?.target).toEqual({
      about: 'primary',
      url: 'https://alb.shop.example.com/__pilotlight/fence',
      status: 503,
      contains: 'pilotlight fence: shut at epoch 4.',
      timeoutMs: 3000,
    });
  });

  it('begins to count anew where one answer shows a node that is open still', async () => {
    const at = bench((place, _, second) => (place === 'tokyo' && second === 14 ? bad : shut));
    expect(await act(at)).toMatchObject({
      shut: true,
      evidence: { convergedAt: '2026-03-02T10:00:32.000Z' },
    });
  });

  it('has no proof where one place goes on seeing it open, and names the place', async () => {
    const at = bench((place) => (place === 'tokyo' ? bad : shut));
    expect(await act(at)).toEqual({
      shut: false,
      detail: expect.stringContaining('the fence is not seen shut everywhere: tokyo: 0 in a row'),
      evidence: null,
    });
    expect(at.clock.now()).toBe(Date.parse('2026-03-02T10:00:46.000Z'));
  });

  it('takes no silence for proof', async () => {
    expect(await act(bench(() => blind))).toMatchObject({ shut: false, evidence: null });
  });

  it('gives the fence up where its Region does not answer, and fails nothing', async () => {
    const at = bench();
    at.fence.failure = new CloudUnavailable({ call: 'ELBv2 ModifyRule', got: 'TimeoutError', next: 'Wait.' });
    expect(await act(at)).toEqual({
      shut: false,
      detail: expect.stringContaining('ELBv2 ModifyRule'),
      evidence: null,
    });
    expect(at.prober.asked).toEqual([]);
  });

  it('does nothing without a fence', async () => {
    const at = bench(undefined, false);
    expect(await act(at)).toEqual({ shut: false, detail: 'the primary has no fence', evidence: null });
  });

  it('shuts nothing when the lease is lost', async () => {
    const at = bench();
    at.ledger.holder = 'run-2';
    expect((await refusalOf(act(at))).name).toBe('LeaseLost');
    expect(at.fence.asked).toEqual([]);
  });
});
