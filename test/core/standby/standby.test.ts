import {
  describeReadiness,
  judgeGateway,
  judgeStandby,
  type BackendServer,
} from '../../../core/standby/standby.ts';

const good = { good: true, detail: 'fine' };
const machinery = { gateway: good, cluster: good, database: good };

describe('the standby', () => {
  it('is ready when every check is good', () => {
    const readiness = judgeStandby(machinery, good);
    expect(readiness.ready).toBe(true);
    expect(readiness.checks.map((check) => check.name)).toEqual([
      'application gateway',
      'kubernetes cluster',
      'database',
      'application',
    ]);
    expect(describeReadiness(readiness)).toBe('every check is good');
    expect(readiness.growing).toBeNull();
  });

  it.each([
    ['application gateway', { ...machinery, gateway: { good: false, detail: 'Starting' } }, good],
    ['kubernetes cluster', { ...machinery, cluster: { good: false, detail: 'Starting' } }, good],
    ['database', { ...machinery, database: { good: false, detail: 'Starting' } }, good],
    ['application', machinery, { good: false, detail: 'Starting' }],
  ])('is not ready when the %s is not, and says so', (name, checks, application) => {
    const readiness = judgeStandby(checks, application);
    expect(readiness.ready).toBe(false);
    expect(describeReadiness(readiness)).toBe(`${name}: Starting`);
  });

  it('is ready while parts of it are being added, and tells which', () => {
    const gateway = { good: true, detail: '1 of 2 backends Up', growing: '1 of 2 backends Up' };
    const cluster = { good: true, detail: 'pool is Scaling', growing: 'pool is Scaling' };
    expect(judgeStandby({ ...machinery, gateway, cluster }, good)).toMatchObject({
      ready: true,
      growing: '1 of 2 backends Up; pool is Scaling',
    });
  });

  it('lists everything that is not good yet', () => {
    const database = { good: false, detail: 'server is Starting' };
    const readiness = judgeStandby({ ...machinery, database }, { good: false, detail: 'answered 502' });
    expect(describeReadiness(readiness)).toBe('database: server is Starting; application: answered 502');
  });
});

describe('the gateway', () => {
  const server = (health: string, detail = '', pool = 'web'): BackendServer => ({
    ...{ pool, address: '10.1.2.3', health, detail },
  });

  it('is good when every backend is up', () => {
    expect(judgeGateway('Running', [server('Up'), server('Up')])).toEqual({
      good: true,
      detail: '2 of 2 backends Up',
    });
  });

  it.each<[string, BackendServer[], string]>([
    ['Starting', [server('Up')], 'gateway is Starting, expected Running'],
    ['Running', [], 'no backend server is reported yet'],
    [
      'Running',
      [server('Up'), server('Down', 'HTTP 502')],
      '1 of 2 backends Up; 10.1.2.3 is Down (HTTP 502)',
    ],
    ['Running', [server('Unknown')], '0 of 1 backends Up; 10.1.2.3 is Unknown'],
    [
      'Running',
      [server('Partial'), server('Draining')],
      '0 of 2 backends Up; 10.1.2.3 is Partial, 10.1.2.3 is Draining',
    ],
  ])('that is %s with %j is not good', (operationalState, servers, detail) => {
    expect(judgeGateway(operationalState, servers)).toEqual({ good: false, detail });
  });

  it('serves as soon as each of its pools has a backend that is up', () => {
    const detail = '2 of 3 backends Up; 10.1.2.3 is Unknown';
    const servers = [server('Up'), server('Unknown'), server('Up', '', 'api')];
    expect(judgeGateway('Running', servers, 'serving')).toEqual({ good: true, detail, growing: detail });
    expect(judgeGateway('Running', servers)).toEqual({ good: false, detail });
  });

  it.each<[string, BackendServer[]]>([
    ['no pool has one', [server('Down'), server('Unknown')]],
    ['one of two pools has none', [server('Up'), server('Down', '', 'api')]],
    ['nothing is reported', []],
  ])('does not serve where %s', (_, servers) => {
    expect(judgeGateway('Running', servers, 'serving').good).toBe(false);
  });
});
