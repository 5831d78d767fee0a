import { Callbacks } from '../../../drill/engine/callbacks.ts';
import { useVirtualTime } from '../clouds/fixture.ts';

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);

/** A task that waits, and what came of it so far. */
function waitingTask(callbacks: Callbacks, seconds: number): { token: string; came: unknown[] } {
  const token = callbacks.issue();
  const came: unknown[] = [];
  void callbacks.wait(token, seconds * 1000).then((output) => came.push(output));
  return { token, came };
}

describe('Callbacks', () => {
  useVirtualTime();

  it('gives every waiting task a token of its own', () => {
    const callbacks = new Callbacks();
    const tokens = [callbacks.issue(), callbacks.issue(), callbacks.issue()];
    expect(new Set(tokens).size).toBe(3);
  });

  it('wakes the task whose token comes back, with its output, and no other', async () => {
    const callbacks = new Callbacks();
    const first = waitingTask(callbacks, 60);
    const second = waitingTask(callbacks, 60);
    expect(callbacks.succeed(second.token, { decision: 'approved' })).toBe('taken');
    await pass(0);
    expect({ first: first.came, second: second.came }).toEqual({
      first: [],
      second: [{ decision: 'approved' }],
    });
  });

  it('takes a token once: whoever comes second is told that the task is over', async () => {
    const callbacks = new Callbacks();
    const { token, came } = waitingTask(callbacks, 60);
    expect(callbacks.succeed(token, 'first')).toBe('taken');
    expect(callbacks.succeed(token, 'second')).toBe('over');
    await pass(0);
    expect(came).toEqual(['first']);
  });

  it('takes a token until its time limit and not after it', async () => {
    const callbacks = new Callbacks();
    const early = waitingTask(callbacks, 60);
    const late = waitingTask(callbacks, 60);
    await pass(59);
    expect(callbacks.succeed(early.token, 'in time')).toBe('taken');
    await pass(1);
    expect(callbacks.succeed(late.token, 'too late')).toBe('over');
    await pass(0);
    expect({ early: early.came, late: late.came }).toEqual({ early: ['in time'], late: [] });
  });

  it('knows no token that nobody waits with, even one that it gave out', () => {
    const callbacks = new Callbacks();
    expect(callbacks.succeed('made-up', 'x')).toBe('unknown');
    expect(callbacks.succeed(callbacks.issue(), 'x')).toBe('unknown');
  });
});
