import type { ParkedRecord, ParkedRecords } from '../../core/standby/parked.ts';
import {
  powerResources,
  type Asked,
  type OperationState,
  type PowerLook,
  type PowerResource,
  type PowerState,
  type StandbyPower,
} from '../../core/standby/power.ts';
import type { Config } from '../../core/config/schema.ts';
import { configWith } from './fixture.ts';

/* A parked standby in memory. */

/** The configuration of the tests with a parked standby of five minutes. */
export const parkedConfig = (whenAwake: 'tell' | 'park' = 'tell'): Config =>
  configWith((shop) => {
    Object.assign(shop, { data: { mode: 'ship', account: 'shopbackups' } });
    Object.assign(shop.standby, { tier: 'parked', parked: { wakeSeconds: 300, whenAwake } });
  });

export const allOf = (state: PowerState): Record<PowerResource, PowerState> => ({
  gateway: state,
  cluster: state,
  database: state,
});

/** Three resources that are as they are told, and remember what they were asked. */
export class MemoryPower implements StandbyPower {
  states: Record<PowerResource, PowerState> = allOf('stopped');
  readonly asked: string[] = [];
  answer: (resource: PowerResource) => Asked = (resource) => ({
    accepted: true,
    operation: `op-${resource}`,
  });
  outcome: OperationState = { kind: 'going' };
  refusal: Error | null = null;

  async look(): Promise<PowerLook> {
    if (this.refusal !== null) throw this.refusal;
    const views = powerResources.map((resource) => {
      const state = this.states[resource];
      return [resource, { state, detail: state }] as const;
    });
    return Object.fromEntries(views) as unknown as PowerLook;
  }

  async start(resource: PowerResource): Promise<Asked> {
    this.asked.push(`start ${resource}`);
    return this.answer(resource);
  }

  async stop(resource: PowerResource): Promise<Asked> {
    this.asked.push(`stop ${resource}`);
    return this.answer(resource);
  }

  async operation(): Promise<OperationState> {
    return this.outcome;
  }
}

/** The record of the one standby of the tests. */
export class MemoryParked implements ParkedRecords {
  record: ParkedRecord | null = null;
  failure: Error | null = null;

  async read(): Promise<ParkedRecord | null> {
    return this.record;
  }

  async change(_workload: string, change: (before: ParkedRecord | null) => ParkedRecord): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.record = change(this.record);
  }
}
