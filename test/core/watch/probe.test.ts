import {
  judgeProbe,
  probeTargetSchema,
  signalOfProbes,
  type ProbeAnswer,
  type ProbeTarget,
} from '../../../core/watch/probe.ts';

const target = (change: Partial<ProbeTarget> = {}): ProbeTarget => ({
  about: 'edge',
  url: 'https://petclinic.example.com/owners?lastName=',
  status: 200,
  contains: 'Owners',
  timeoutMs: 3000,
  ...change,
});
const outcome = (change: { status?: number; originHeader?: string | null; body?: string } = {}) => ({
  status: 200,
  originHeader: 'primary',
  body: '<h2>Owners</h2>',
  ...change,
});

describe('a probe', () => {
  it('is good where status and text are the wanted ones, and says who answered', () => {
    expect(judgeProbe(target(), outcome())).toEqual({
      observation: 'good',
      status: 200,
      origin: 'primary',
      detail: 'answered 200',
    });
  });

  it('is bad where nothing came back', () => {
    expect(judgeProbe(target(), { networkError: 'connect ECONNREFUSED' })).toEqual({
      observation: 'bad',
      status: null,
      origin: null,
      detail: 'connect ECONNREFUSED',
    });
  });

  it('is bad where the status is another', () => {
    expect(judgeProbe(target(), outcome({ status: 502 }))).toMatchObject({
      observation: 'bad',
      status: 502,
      detail: 'answered 502, expected 200',
    });
  });

  it('is bad where an error page comes with a good status', () => {
    expect(judgeProbe(target(), outcome({ body: 'Something happened' }))).toMatchObject({
      observation: 'bad',
      detail: 'answered 200 without "Owners"',
    });
  });

  it('reads no body where no text is wanted', () => {
    const { contains, ...plain } = target();
    expect(contains).toBe('Owners');
    expect(judgeProbe(plain, outcome({ body: '' })).observation).toBe('good');
  });

  it('finds the shield good, whose page is a 503 on purpose', () => {
    const shield = target({ status: 503, contains: 'We will be back shortly' });
    const page = outcome({ status: 503, body: 'We will be back shortly', originHeader: 'maintenance' });
    expect(judgeProbe(shield, page)).toMatchObject({ observation: 'good', origin: 'maintenance' });
  });

  it('takes any status where none is wanted, and still wants the text', () => {
    const { status, ...any } = target();
    expect(status).toBe(200);
    expect(judgeProbe(any, outcome({ status: 404 }))).toMatchObject({ observation: 'good', status: 404 });
    expect(judgeProbe(any, outcome({ status: 404, body: 'Not found' }))).toMatchObject({
      observation: 'bad',
      detail: 'answered 404 without "Owners"',
    });
  });

  it('knows an origin that cannot name itself by its text, and by nothing else', () => {
    const page = target({ identifies: 'maintenance' });
    expect(judgeProbe(page, outcome({ originHeader: null }))).toMatchObject({
      observation: 'good',
      origin: 'maintenance',
    });
    expect(judgeProbe(page, outcome({ originHeader: null, body: 'Hello' }))).toMatchObject({
      observation: 'bad',
      origin: null,
    });
    expect(judgeProbe(page, outcome({ originHeader: null, status: 500 }))).toMatchObject({
      observation: 'bad',
      origin: null,
    });
  });

  it('believes the origin that names itself more than the text', () => {
    const page = target({ identifies: 'maintenance' });
    expect(judgeProbe(page, outcome({ originHeader: 'standby' })).origin).toBe('standby');
  });

  it.each([null, '', 'azure', 'PRIMARY'])('knows no origin by the header %j', (originHeader) => {
    expect(judgeProbe(target(), outcome({ originHeader })).origin).toBeNull();
  });
});

describe('what a probe is asked', () => {
  it('is read', () => {
    expect(probeTargetSchema.parse(target())).toEqual(target());
    const { about, url, timeoutMs } = target();
    const least = { about, url, timeoutMs };
    expect(probeTargetSchema.parse(least)).toEqual(least);
    const named = { ...least, contains: 'back', identifies: 'maintenance' };
    expect(probeTargetSchema.parse(named)).toEqual(named);
  });

  it.each([
    ['about something else', { about: 'dns' }],
    ['over another protocol', { url: 'ftp://petclinic.example.com/' }],
    ['for a status that does not exist', { status: 99 }],
    ['for any text at all', { contains: '' }],
    ['for an origin that does not exist', { identifies: 'azure' }],
    ['without a time limit', { timeoutMs: 0 }],
    ['with a field too many', { method: 'POST' }],
  ])('is refused %s', (_case, change) => {
    expect(probeTargetSchema.safeParse({ ...target(), ...change }).success).toBe(false);
  });
});

describe('several rounds of one probe', () => {
  const answer = (observation: ProbeAnswer['observation'], detail: string): ProbeAnswer => ({
    observation,
    status: null,
    origin: null,
    detail,
  });
  const good = answer('good', 'answered 200');
  const bad = answer('bad', 'answered 502, expected 200');
  const unknown = answer('unknown', 'the place did not run it');
  const signal = (answers: readonly ProbeAnswer[]): unknown =>
    signalOfProbes({ place: 'ap-northeast-1', about: 'primary', at: '2026-11-22T03:04:05.000Z' }, answers);

  it('become one signal of its place', () => {
    expect(signal([bad, bad, good])).toEqual({
      source: 'probe:primary:ap-northeast-1',
      kind: 'probe',
      about: 'primary',
      place: 'ap-northeast-1',
      observation: 'bad',
      at: '2026-11-22T03:04:05.000Z',
      detail: '2 of 3 rounds bad; answered 502, expected 200',
    });
  });

  it.each<[ProbeAnswer[], string, string]>([
    [[good, good, bad], 'good', '1 of 3 rounds bad; answered 200'],
    [[bad, unknown, unknown], 'bad', '1 of 3 rounds bad; answered 502, expected 200'],
    [[good, bad], 'unknown', '1 of 2 rounds bad; no clear answer'],
    [[good, bad, unknown], 'unknown', '1 of 3 rounds bad; the place did not run it'],
    [[unknown, unknown], 'unknown', '0 of 2 rounds bad; the place did not run it'],
    [[], 'unknown', '0 of 0 rounds bad; no clear answer'],
  ])('of which the majority decides: %#', (answers, observation, detail) => {
    expect(signal(answers)).toMatchObject({ observation, detail });
  });
});
