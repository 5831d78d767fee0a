import Sequencer from '@jest/test-sequencer';

/**
 * The files that take a minute and more, the longest first. Jest knows that only after a first run, and goes by the size of the
 * files before; a file of four minutes that begins last would keep one worker busy while the other has nothing left to do.
 */
const LONG = [
  'drill/scenarios.test.ts',
  'drill/swarm.test.ts',
  'mover/hand-over.integration.test.ts',
  'mover/ship.integration.test.ts',
  'mover/follow-again.integration.test.ts',
  'mover/way-home-refused.integration.test.ts',
  'drill/runners.test.ts',
  'drill/determinism.test.ts',
  'pipelines/wait-for-mover.test.ts',
  'mover/prove.integration.test.ts',
];

const rankOf = ({ path }) => {
  const rank = LONG.findIndex((file) => path.endsWith(`/test/${file}`));
  return rank === -1 ? LONG.length : rank;
};

/** Jest's own order, but for the longest files, which begin first. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].sort((one, other) => rankOf(one) - rankOf(other));
  }
}
