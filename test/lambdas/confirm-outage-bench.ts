import type { Confirmation, Watch } from '../../core/watch/confirmation.ts';
import { newMemory } from '../../core/watch/memory.ts';
import type { AlarmState } from '../../core/watch/signal.ts';
import { makeConfirmOutage } from '../../lambdas/confirm-outage/confirm-outage.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { config, lease, run, START } from './fixture.ts';
import {
  callOf,
  MemoryAlarms,
  MemoryLedger,
  MemoryLog,
  MemoryMemories,
  MemoryProber,
  VirtualClock,
  type RegionAnswer,
  type Sight,
} from './helpers.ts';

export const alarm = (name: string, state: AlarmState['state'], since: string | null = null): AlarmState => ({
  name: `pilotlight-shop-${name}`,
  state,
  since,
  reason: `${name} is ${state}`,
});
export const ringing = {
  'ap-northeast-1': [alarm('watch', 'ALARM', '2026-03-02T09:58:00.000Z')],
  'us-east-1': [
    alarm('primary-health-check', 'ALARM', '2026-03-02T09:57:00.000Z'),
    alarm('edge-5xx', 'ALARM', '2026-03-02T09:56:00.000Z'),
  ],
  'ap-northeast-2': [alarm('alb-5xx', 'ALARM'), alarm('alb-unhealthy-hosts', 'OK')],
};
export const quiet = {
  'ap-northeast-1': [alarm('watch', 'OK')],
  'us-east-1': [alarm('primary-health-check', 'OK'), alarm('edge-5xx', 'OK')],
  'ap-northeast-2': [alarm('alb-5xx', 'OK'), alarm('alb-unhealthy-hosts', 'INSUFFICIENT_DATA')],
};

export interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly ledger: MemoryLedger;
  readonly prober: MemoryProber;
  readonly memories: MemoryMemories;
}

/** The fingerprint of the addresses that are asked: https://alb.shop.example.com/owners https://shop.example.com/owners. */
export const ASKED = 'bbdfe47c45e6';
export const PLACES = ['tokyo', 'dublin'];

/**
 * What the watch saw every ten seconds of the last five minutes: good, and since `badFrom` seconds before the start bad. Its
 * newest look was `newest` seconds before the start.
 */
export function past(badFrom = 0, newest = 10, asked = ASKED): MemoryMemories {
  const memories = new MemoryMemories();
  const memory = newMemory(asked, START - 300_000);
  const rounds = Array.from({ length: 30 }, (_, index) => {
    const at = START - 290_000 - newest * 1000 + index * 10_000;
    const seen = Object.fromEntries(PLACES.map((place) => [place, at < START - badFrom * 1000]));
    return { at, primary: seen, edge: seen, elsewhere: {} };
  });
  const dead = badFrom > 0;
  memories.memory = {
    ...memory,
    health: {
      ...memory.health,
      rounds,
      goodFrom: { primary: START - 300_000, edge: START - 300_000 },
      goodSince: dead ? null : START - 300_000,
      troubleFrom: dead ? START - badFrom * 1000 : null,
      spellFrom: dead ? START - badFrom * 1000 : null,
      lastBadAt: dead ? START - newest * 1000 : null,
    },
  };
  memories.version = 1;
  return memories;
}

export function bench(
  regions: Readonly<Record<string, RegionAnswer>>,
  sight: Sight,
  { memories = past(), own = config }: { memories?: MemoryMemories; own?: typeof config } = {},
): Bench {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const ledger = new MemoryLedger();
  const prober = new MemoryProber(clock, sight);
  const alarms = new MemoryAlarms(regions);
  const step = makeConfirmOutage({ config: own, clock, log, ledger, prober, alarms, memories });
  return { step, clock, log, ledger, prober, memories };
}

export const confirm = async (at: Bench, change: object = {}): Promise<Confirmation> =>
  (await at.step({ run, lease, purpose: 'confirm', ...change }, callOf(at.clock))) as Confirmation;
export const watch = async (at: Bench, change: object = {}): Promise<Watch> =>
  (await at.step({ run, lease, purpose: 'watch', ...change }, callOf(at.clock))) as Watch;

export const observations = (decided: Confirmation | Watch): Record<string, string> =>
  Object.fromEntries(decided.signals.map((signal) => [signal.source, signal.observation]));
