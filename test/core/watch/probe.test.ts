import { judgeProbe, probeTargetSchema, type ProbeTarget } from '../../../core/watch/probe.ts';

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

describe('the maintenance page', () => {
  const page = target({ page: 'back shortly', identifies: 'primary' });
  const shown = (status: number, body = '<h1>We will be back shortly</h1>') =>
    judgeProbe(page, outcome({ status, originHeader: null, body }));

  it('is known by its text where nothing names its origin', () => {
    expect(shown(404)).toMatchObject({ observation: 'bad', origin: 'maintenance' });
    expect(shown(200)).toMatchObject({ observation: 'bad', origin: 'maintenance' });
  });

  it.each([502, 504])(
    'is no sign of a shield where CloudFront shows it with %i, because nobody answered',
    (status) => {
      expect(shown(status)).toMatchObject({ observation: 'bad', origin: null });
    },
  );

  it('is not what another error is', () => {
    expect(shown(500, '<h1>Something happened...</h1>')).toMatchObject({ observation: 'bad', origin: null });
  });
});
