import { locationServing, requestOfUser, routeOf, viewerRequest } from './edge-fixture.ts';

/*
 * Statistical bounds. Of N users the number admitted at a share p is binomial: mean N·p, deviation √(N·p·(1−p)).
 * Five deviations are exceeded by a fair hash with probability 6e-7; the users below are fixed, so no run is lucky.
 */
const USERS = 20_000;

const locationAt = (percent: number, more: object = {}): ReturnType<typeof locationServing> =>
  locationServing({
    v: 1,
    origin: 'primary',
    epoch: 1,
    fence: 1,
    canary: { origin: 'standby', percent },
    ...more,
  });

const users = Array.from({ length: USERS }, (_, index) => `user-${String(index)}`);

const admitted = async (percent: number, more: object = {}): Promise<Set<string>> => {
  const location = locationAt(percent, more);
  const standby = new Set<string>();
  for (const user of users)
    if ((await routeOf(location, requestOfUser(user))) === 'standby') standby.add(user);
  return standby;
};

/** The users, by the whole percent at which each is first admitted; found by halving, since shares are monotone. */
const admittedByPercent = async (
  admits: (percent: number, index: number) => Promise<boolean>,
): Promise<number[]> => {
  const counts = Array.from({ length: 100 }, () => 0);
  for (let index = 0; index < USERS; index += 1) {
    let low = 0;
    let high = 100;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (await admits(middle, index)) high = middle;
      else low = middle;
    }
    counts[low] = (counts[low] ?? 0) + 1;
  }
  return counts;
};

const chiSquare = (counts: number[]): number =>
  counts.reduce((sum, count) => sum + (count - USERS / 100) ** 2 / (USERS / 100), 0);

describe('the share of a canary', () => {
  it.each([
    // percent, mean, five deviations rounded up
    [1, 200, 71],
    [5, 1000, 155],
    [50, 10_000, 354],
    [95, 19_000, 155],
  ])('is %p percent of the users, within five deviations', async (percent, mean, deviations) => {
    const count = (await admitted(percent)).size;
    expect(Math.abs(count - mean)).toBeLessThanOrEqual(deviations);
  });

  it('is nobody at 0 percent and everybody at 100', async () => {
    expect((await admitted(0)).size).toBe(0);
    expect((await admitted(100)).size).toBe(20_000);
  });

  it('only grows: who is in the 5 percent is in the 50 too, and so on up', async () => {
    let before = new Set<string>();
    for (const percent of [0.5, 1, 5, 20, 50, 99.9, 100]) {
      const now = await admitted(percent);
      expect([...before].filter((user) => !now.has(user))).toEqual([]);
      expect(now.size).toBeGreaterThan(before.size);
      before = now;
    }
  });

  it('is the same users at every epoch and fence', async () => {
    const first = await admitted(20);
    expect(await admitted(20, { epoch: 99, fence: 42 })).toEqual(first);
  });

  it('can go to a standby while the rest stay under the shield', async () => {
    const first = await admitted(20);
    expect(await admitted(20, { origin: 'maintenance' })).toEqual(first);
  });

  // 100 equal cells: chi-square has 99 degrees of freedom, mean 99, deviation √198 = 14.1; five of them end at 169.4.
  it('is even over all percents for users with numbered cookies', async () => {
    const locations = Array.from({ length: 101 }, (_, percent) => locationAt(percent));
    const counts = await admittedByPercent(async (percent, index) => {
      const location = locations[percent];
      if (location === undefined) throw new Error(`no location at ${String(percent)} percent`);
      return (await routeOf(location, requestOfUser(`user-${String(index)}`))) === 'standby';
    });
    expect(chiSquare(counts)).toBeLessThan(169);
  });

  it('is even over all percents for neighbouring addresses with one browser', async () => {
    const locations = Array.from({ length: 101 }, (_, percent) => locationAt(percent));
    const counts = await admittedByPercent(async (percent, index) => {
      const location = locations[percent];
      if (location === undefined) throw new Error(`no location at ${String(percent)} percent`);
      const ip = `10.0.${String(index >> 8)}.${String(index & 255)}`;
      const headers = { 'user-agent': { value: 'Mozilla/5.0 (X11; Linux x86_64)' } };
      return (await routeOf(location, viewerRequest({ headers }, ip))) === 'standby';
    });
    expect(chiSquare(counts)).toBeLessThan(169);
  });
});

// Worked out by another implementation of the same hash. A release with another order would make users flip mid-rollout.
describe('the order of admission', () => {
  it.each([
    ['alice', 56, 57],
    ['bob', 13, 14],
    ['0b7c1d52-8f7e-4a57-9d55-1f2f4a5e8c11', 78, 79],
    ['user-1', 8, 9],
    ['user-2', 97, 98],
    ['Ünïcødé', 35, 36],
  ])('never changes: %s is out at %p percent and in at %p', async (user, out, admittedAt) => {
    expect(await routeOf(locationAt(out), requestOfUser(user))).toBe('primary');
    expect(await routeOf(locationAt(admittedAt), requestOfUser(user))).toBe('standby');
  });
});

describe('a user', () => {
  const half = locationAt(50);
  const agents = Array.from({ length: 200 }, (_, index) => `agent-${String(index)}`);

  it('keeps one origin by his cookie, whatever address and browser he comes with', async () => {
    for (const [index, user] of users.slice(0, 500).entries()) {
      const home = await routeOf(half, requestOfUser(user));
      const elsewhere = viewerRequest(
        {
          method: 'POST',
          uri: `/visits/${String(index)}`,
          cookies: { 'pilotlight-user': { value: user } },
          headers: { 'user-agent': { value: `agent-${String(index)}` } },
        },
        `203.0.113.${String(index % 250)}`,
      );
      expect(await routeOf(half, elsewhere)).toBe(home);
    }
  });

  const byAgent = (agent: string, ip: string, cookies = {}): Promise<string | undefined> =>
    routeOf(half, viewerRequest({ headers: { 'user-agent': { value: agent } }, cookies }, ip));

  it('without a cookie keeps one origin by address and browser', async () => {
    for (const agent of agents) {
      expect(await byAgent(agent, '198.51.100.1')).toBe(await byAgent(agent, '198.51.100.1'));
    }
  });

  it('with an empty cookie counts as without one', async () => {
    const empty = { 'pilotlight-user': { value: '' } };
    for (const agent of agents) {
      expect(await byAgent(agent, '198.51.100.1', empty)).toBe(await byAgent(agent, '198.51.100.1'));
    }
  });

  it('without a cookie is told apart by browser and by address', async () => {
    const one = await Promise.all(agents.map((agent) => byAgent(agent, '198.51.100.1')));
    const other = await Promise.all(agents.map((agent) => byAgent(agent, '198.51.100.2')));
    expect(new Set(one)).toEqual(new Set(['primary', 'standby']));
    expect(other).not.toEqual(one);
  });
});
