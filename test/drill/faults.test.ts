import type { FaultRates } from '../../drill/faults.ts';
import { drawFaults, drawRates, noFaults } from '../../drill/faults.ts';
import type { Fault, Service } from '../../drill/clouds/wire/wire.ts';
import { SeededRandom } from '../../drill/random.ts';

const BOUNDS = { callShareMax: 0.08, invocationShareMax: 0.12 };

const service = (name: string): Service => ({
  name,
  handles: () => true,
  answer: () => ({ status: 200 }),
});

const kindOf = (fault: Fault): string => {
  if (fault === null) return 'none';
  if (typeof fault === 'string') return fault;
  return fault.status >= 500 ? 'server-error' : 'throttled';
};

/** The share of each outcome in so many draws. */
function shares(draw: () => string, count: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < count; i += 1) {
    const outcome = draw();
    counts[outcome] = (counts[outcome] ?? 0) + 1 / count;
  }
  return counts;
}

describe('drawRates', () => {
  it('draws the same rates from the same seed, others from another, all within their bounds', () => {
    const ratesOf = (seed: number): FaultRates => drawRates(BOUNDS, new SeededRandom(seed));
    expect(ratesOf(1)).toEqual(ratesOf(1));
    expect(ratesOf(1)).not.toEqual(ratesOf(2));
    for (let seed = 1; seed <= 100; seed += 1) {
      const { 'dies-before': before, 'dies-after': dead, ...calls } = ratesOf(seed);
      expect(Object.keys(calls)).toEqual(['throttled', 'server-error', 'reset', 'answer-lost']);
      for (const rate of Object.values(calls)) expect(rate).toBeLessThan(0.08);
      expect(Math.max(before, dead)).toBeLessThan(0.12);
    }
  });
});

describe('drawFaults', () => {
  it('hits calls at the rates that it drew', () => {
    const rates = drawRates(BOUNDS, new SeededRandom(3));
    const { network } = drawFaults(BOUNDS, new SeededRandom(3));
    const got = shares(() => kindOf(network(service('dynamodb'))), 40_000);
    // Five standard deviations of a share of 4 % among 40000 draws are half a percent.
    for (const kind of ['throttled', 'server-error', 'reset', 'answer-lost'] as const) {
      expect(Math.abs((got[kind] ?? 0) - rates[kind])).toBeLessThan(0.005);
    }
  });

  it('hits invocations at the rates that it drew', () => {
    const rates = drawRates(BOUNDS, new SeededRandom(3));
    const { platform } = drawFaults(BOUNDS, new SeededRandom(3));
    const got = shares(() => platform('begin') ?? 'none', 40_000);
    for (const kind of ['dies-before', 'dies-after'] as const) {
      expect(Math.abs((got[kind] ?? 0) - rates[kind])).toBeLessThan(0.007);
    }
  });

  it('repeats itself by seed, and calls move no draw of the invocations', () => {
    const run = (calls: number): unknown[] => {
      const faults = drawFaults(BOUNDS, new SeededRandom(3));
      for (let i = 0; i < calls; i += 1) faults.network(service('sts'));
      return Array.from({ length: 200 }, () => faults.platform('record'));
    };
    expect(run(0)).toEqual(run(57));
  });

  it('hits nothing where the bounds are zero', () => {
    const calm = drawFaults({ callShareMax: 0, invocationShareMax: 0 }, new SeededRandom(3));
    expect(shares(() => kindOf(calm.network(service('sns'))), 1_000)).toEqual({ none: expect.closeTo(1) });
    expect(shares(() => calm.platform('announce') ?? 'none', 1_000)).toEqual({ none: expect.closeTo(1) });
    expect(noFaults.network(service('sns'))).toBeNull();
    expect(noFaults.platform('announce')).toBeNull();
  });

  it('lets a storage account say that it is busy or broken as the real one does', () => {
    const often = drawFaults({ callShareMax: 0.5, invocationShareMax: 0 }, new SeededRandom(1));
    const answers = Array.from({ length: 400 }, () => often.network(service('azure-blob'))).filter(
      (fault) => fault !== null && typeof fault === 'object',
    );
    const codes = answers.map(({ status, headers }) => `${status} ${headers?.['x-ms-error-code'] ?? ''}`);
    expect([...new Set(codes)].sort()).toEqual(['500 InternalError', '503 ServerBusy']);
    expect(answers[0]?.body).toContain('<Error><Code>');
  });

  it('says so loudly where it does not know how a service refuses', () => {
    const always = drawFaults({ callShareMax: 4, invocationShareMax: 0 }, new SeededRandom(1));
    const ask = (): void => {
      for (let i = 0; i < 100; i += 1) always.network(service('telegraph'));
    };
    expect(ask).toThrow('nobody knows how telegraph says that it is overloaded; teach it to drill/faults.ts');
  });
});
