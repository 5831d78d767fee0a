import { Application } from '../../../drill/world/application.ts';
import { Database } from '../../../drill/world/database.ts';
import { HealthCheck, type HealthCheckKind } from '../../../drill/world/health-check.ts';
import { useVirtualTime } from '../clouds/fixture.ts';

function begin(kind: HealthCheckKind = 'https-fast'): { primary: Application; check: HealthCheck } {
  const primary = new Application('primary', {
    database: new Database(),
    condition: 'up',
    deepText: 'Owners',
  });
  const check = new HealthCheck(primary, kind);
  check.start();
  return { primary, check };
}

/** So many looks of the health check: one every ten seconds. */
const looks = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * 10_000);

describe('HealthCheck', () => {
  useVirtualTime();

  it.each(['silent', 'erring'] as const)(
    'turns unhealthy after three failures in a row, and not after two, when the primary is %s',
    async (condition) => {
      const { primary, check } = begin();
      primary.condition = condition;
      await looks(2);
      expect(check.healthy).toBe(true);
      await looks(1);
      expect(check.healthy).toBe(false);
    },
  );

  it('turns healthy after three good answers in a row, and not after two', async () => {
    const { primary, check } = begin();
    primary.condition = 'silent';
    await looks(3);
    primary.condition = 'up';
    await looks(2);
    expect(check.healthy).toBe(false);
    await looks(1);
    expect(check.healthy).toBe(true);
  });

  it('begins to count again after one good answer', async () => {
    const { primary, check } = begin();
    primary.condition = 'silent';
    await looks(2);
    primary.condition = 'up';
    await looks(1);
    primary.condition = 'silent';
    await looks(2);
    expect(check.healthy).toBe(true);
    await looks(1);
    expect(check.healthy).toBe(false);
  });

  it.each([
    ['https', 30],
    ['https-fast', 10],
  ] as const)('asks for an answer every so often: %s every %d s', async (kind, seconds) => {
    const { primary, check } = begin(kind);
    primary.condition = 'erring';
    await jest.advanceTimersByTimeAsync((3 * seconds - 1) * 1000);
    expect(check.healthy).toBe(true);
    await jest.advanceTimersByTimeAsync(1000);
    expect(check.healthy).toBe(false);
  });

  it('that only connects takes any answer for a good one, and silence for a bad one', async () => {
    const { primary, check } = begin('tcp');
    primary.condition = 'erring';
    await jest.advanceTimersByTimeAsync(300_000);
    expect(check.healthy).toBe(true);
    primary.condition = 'silent';
    await jest.advanceTimersByTimeAsync(60_000);
    expect(check.healthy).toBe(true);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(check.healthy).toBe(false);
  });

  it('gives 0 for every minute in which it was unhealthy at any moment, and 1 for the others', async () => {
    const { primary, check } = begin();
    expect(check.takeMinute()).toBe(1);
    primary.condition = 'silent';
    await looks(3);
    primary.condition = 'up';
    await looks(3);
    expect(check.healthy).toBe(true);
    expect(check.takeMinute()).toBe(0);
    expect(check.takeMinute()).toBe(1);
  });

  it('asks no more once it is stopped', async () => {
    const { primary, check } = begin();
    check.stop();
    primary.condition = 'silent';
    await looks(6);
    expect(check.healthy).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});
