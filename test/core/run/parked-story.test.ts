import { parkedTexts } from '../../../core/run/parked-story.ts';
import { whyOf } from '../../../core/run/story.ts';
import { begunState, worldOf } from './state-fixture.ts';

/* Goal: whoever reads how a run ended knows whether the parked standby still costs money, and how to stop that. */

const plan = { tier: 'parked' };
const textsOf = (parts: Record<string, unknown>): readonly string[] =>
  parkedTexts(begunState('StoodDown', parts));
const parked = (is: boolean, detail = 'all stopped') => ({ value: { parked: is, detail } });

describe('what a run says of a parked standby', () => {
  it('is that it was put away again', () => {
    const parts = { plan, world: worldOf('primary'), parked: parked(true, 'database: is being stopped') };
    expect(textsOf(parts)).toEqual(['The standby is parked again: database: is being stopped.']);
    expect(whyOf(begunState('StoodDown', parts))).toContain('The standby is parked again');
  });

  it('is that it could not be, and what to do', () => {
    const parkFailure = { Error: 'CloudUnavailable', Cause: 'timed out' };
    expect(textsOf({ plan, world: worldOf('primary'), parkFailure })).toEqual([
      'The standby could not be parked again (CloudUnavailable: timed out) and costs money while it is awake: pilotlight park petclinic.',
    ]);
  });

  it('is that it stays awake while users see the page', () => {
    const parts = { plan, world: worldOf('maintenance') };
    expect(whyOf(begunState('Escalated', parts))).toContain(
      'The standby stays as it is, awake or waking, for whoever goes on; when nobody needs it: pilotlight park petclinic.',
    );
  });

  it.each([
    ['users are on it', { plan, world: worldOf('standby') }],
    ['this run did not wake it', { plan, world: worldOf('primary'), parked: parked(false) }],
    ['it is of another tier', { plan: { tier: 'cold' }, world: worldOf('maintenance') }],
    ['nobody knows the tier', { world: worldOf('maintenance') }],
    ['nothing was looked at yet', { plan }],
  ])('is nothing where %s', (_case, parts) => {
    expect(textsOf(parts)).toEqual([]);
  });
});
