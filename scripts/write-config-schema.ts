/**
 * Writes pilotlight.schema.json, by which editors complete and check pilotlight.config.yaml.
 *
 *   node scripts/node24.mjs scripts/write-config-schema.ts            writes it
 *   node scripts/node24.mjs scripts/write-config-schema.ts --check    exit 1 where it is not up to date
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configSchema } from '../core/config/schema.ts';

const FILE = path.join(import.meta.dirname, '../pilotlight.schema.json');

/** The schema of what a person writes: fields with a default are optional in it. */
function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-2020-12', io: 'input' });
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title: 'Pilotlight configuration', ...rest }, null, 2)}\n`;
}

function main(): number {
  const options = process.argv.slice(2);
  const unknown = options.filter((option) => option !== '--check');
  if (unknown.length > 0) {
    process.stderr.write(`got ${unknown.join(' ')}, expected nothing or --check\n`);
    return 2;
  }
  const wanted = configJsonSchema();
  if (!options.includes('--check')) {
    writeFileSync(FILE, wanted);
    process.stdout.write(`wrote ${path.basename(FILE)}\n`);
    return 0;
  }
  if (existsSync(FILE) && readFileSync(FILE, 'utf8') === wanted) {
    process.stdout.write(`${path.basename(FILE)} is up to date\n`);
    return 0;
  }
  process.stderr.write(
    `${path.basename(FILE)} differs from core/config/schema.ts. Write it anew: ` +
      'node scripts/node24.mjs scripts/write-config-schema.ts\n',
  );
  return 1;
}

process.exitCode = main();
