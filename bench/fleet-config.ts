import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const EXAMPLE_FILE = path.join(import.meta.dirname, '..', 'pilotlight.config.yaml');
const EXAMPLE_ID = 'petclinic';

/** The example's name, and its ids in CloudFront, as they stand in its file. */
const DISTRIBUTION = 'E2EXAMPLE1PETC';
const STORE = 'a1b2c3d4-5678-4abc-8def-1234567890ab';
const ZONE = 'Z0EXAMPLE1PETCLINIC';

/** Id of the n-th workload of a fleet, counted from 1. */
export const fleetId = (n: number): string => `site${String(n).padStart(4, '0')}`;

/** The example's workload under a name of its own: no two of them share a domain, a distribution or a store. */
function workloadOf(example: string, n: number): unknown {
  const digits = String(n).padStart(4, '0');
  return JSON.parse(
    example
      .replaceAll(DISTRIBUTION, `E2EXAMPLE1${digits}`)
      .replaceAll(STORE, `a1b2c3d4-5678-4abc-8def-12345678${digits}`)
      .replaceAll(ZONE, `Z0EXAMPLE1${digits}`)
      .replaceAll(EXAMPLE_ID, fleetId(n)),
  );
}

/** The example's configuration with so many workloads, as data that nobody has checked yet. */
export function fleetOf(count: number): { controller: unknown; workloads: Record<string, unknown> } {
  const { workloads, ...rest } = parse(readFileSync(EXAMPLE_FILE, 'utf8')) as {
    controller: unknown;
    workloads: Record<string, unknown>;
  };
  const example = JSON.stringify(workloads[EXAMPLE_ID]);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return { ...rest, workloads: Object.fromEntries(numbers.map((n) => [fleetId(n), workloadOf(example, n)])) };
}
