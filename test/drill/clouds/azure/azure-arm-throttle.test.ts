import { ArmThrottle } from '../../../../drill/clouds/azure/azure-arm-throttle.ts';
import type { WireRequest } from '../../../../drill/clouds/wire/wire-shape.ts';
import { useVirtualTime } from '../fixture.ts';

/* Goal: a subscription answers so many calls at once and so many more each second, reads and writes apart from each other. */

const request = (method: string, subscription = 'one'): WireRequest => ({
  ...{ method, host: 'management.azure.com', path: `/subscriptions/${subscription}/resourceGroups/rg` },
  ...{ query: {}, headers: {}, body: '' },
});
/** How many of so many calls are answered. */
const answered = (throttle: ArmThrottle, count: number, ...asked: Parameters<typeof request>): number =>
  Array.from({ length: count }, () => throttle.refuse(request(...asked))).filter(
    (refusal) => refusal === null,
  ).length;

describe('the throttle of Azure Resource Manager', () => {
  useVirtualTime();

  it.each([
    ['GET', 250, 25],
    ['PUT', 200, 10],
    ['POST', 200, 10],
  ])('answers a burst of %s to %d, and %d more a second', async (method, burst, more) => {
    const throttle = new ArmThrottle();
    expect(answered(throttle, burst + 1, method)).toBe(burst);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(answered(throttle, 100, method)).toBe(more);
  });

  it('fills to a burst and no further, however long nobody asks', async () => {
    const throttle = new ArmThrottle();
    expect(answered(throttle, 10, 'GET')).toBe(10);
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(answered(throttle, 400, 'GET')).toBe(250);
  });

  it('counts reads and writes, and each subscription, by themselves', () => {
    const throttle = new ArmThrottle();
    expect(answered(throttle, 300, 'GET')).toBe(250);
    expect(answered(throttle, 1, 'PUT')).toBe(1);
    expect(answered(throttle, 1, 'GET', 'two')).toBe(1);
    expect(answered(throttle, 1, 'GET', 'ONE')).toBe(0);
  });

  it('refuses with 429, and says after how many seconds it would not', async () => {
    const throttle = new ArmThrottle();
    answered(throttle, 250, 'GET');
    const refusal = throttle.refuse(request('GET'));
    expect(refusal?.status).toBe(429);
    expect(refusal?.headers).toMatchObject({ 'retry-after': '1' });
    expect(JSON.parse(String(refusal?.body))).toMatchObject({
      error: { code: 'SubscriptionRequestsThrottled' },
    });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(throttle.refuse(request('GET'))).toBeNull();
  });
});
