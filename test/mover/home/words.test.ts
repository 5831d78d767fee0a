import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../pipelines/helpers/script-bench.ts';

const folder = join(repository, 'mover/home');
const source = [
  ...readdirSync(folder).map((file) => join(folder, file)),
  join(repository, 'mover/apply/follow-again.ts'),
]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
/** The second of the two words of an error, and what an order is answered with. */
const inCode = new Set(
  [...source.matchAll(/(?:new MoverError\(\s*'\w+',\s*|code: )'([A-Z_]+)'/g)].map(([, word = '']) => word),
);
const text = readFileSync(join(repository, 'docs/backup-system.md'), 'utf8');
const section = text.slice(
  text.indexOf('### What the errors of the way home say'),
  text.indexOf('### How long it takes'),
);
const inDocs = new Set(
  section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, word = '']) => word)),
);

describe('an error of the way home', () => {
  it.each([...inCode].sort())('%s has a line that says what to do', (word) => {
    expect([...inDocs]).toContain(word);
  });

  it.each(['FOREIGN_WRITES', 'ORPHANS_PURGED', 'ORDER_TOO_OLD', 'DATA_DIFFER'])(
    '%s is found in the code',
    (word) => {
      expect([...inCode]).toContain(word);
    },
  );
});
