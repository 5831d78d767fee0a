import { parseScenario, type Happening, type Scenario } from '../scenario.ts';

/** A world of the table: what happens to the primary, and nothing else. */
interface TableWorld {
  readonly name: string;
  readonly title: string;
  readonly happenings: readonly Happening[];
}

/** The Region comes and goes for so long. Seconds. */
const FLAPPING_SECONDS = 36 * 60;

function flapping(goneSeconds: number, thereSeconds: number): Happening[] {
  const cycle = goneSeconds + thereSeconds;
  const cycles = Math.floor(FLAPPING_SECONDS / cycle);
  return Array.from({ length: cycles }, (_, index) => index * cycle).flatMap((at): Happening[] => [
    { what: 'region-dies', at },
    { what: 'region-returns', at: at + goneSeconds },
  ]);
}

const limping = (percent: number): TableWorld => ({
  name: `limps-${percent}`,
  title: `primary fails ${percent} % of requests`,
  happenings: [{ what: 'primary-limps', at: 0, share: percent / 100 }],
});

export const tableWorlds: readonly TableWorld[] = [
  ...[10, 20, 30, 50, 70, 90].map(limping),
  {
    name: 'back-after-5-min',
    title: 'Region dies, back after 5 min',
    happenings: [
      { what: 'region-dies', at: 0 },
      { what: 'region-returns', at: 300 },
    ],
  },
  { name: 'flaps-60-120', title: 'flaps 60 s down, 120 s up', happenings: flapping(60, 120) },
  { name: 'flaps-120-60', title: 'flaps 120 s down, 60 s up', happenings: flapping(120, 60) },
];

/** The world as a scenario of a tier. @throws Error for a name that is not in the table. */
export function tableScenario(name: string, tier: NonNullable<Scenario['tier']>): Scenario {
  const world = tableWorlds.find((candidate) => candidate.name === name);
  if (world === undefined) throw new Error(`the table has no world ${name}`);
  const { title, happenings } = world;
  return parseScenario({ title, story: `${title}.`, tier, happenings });
}
