import { alarmSourcesOf, GLOBAL_METRICS_REGION } from '../../watch/detection.ts';
import { placesOf } from '../../watch/places.ts';
import { continentOf, isOptIn } from '../regions.ts';
import { danger, type CommonRule, type Rule, type Subject } from './subject.ts';

/* Where things run, and how many places must agree. */

export function checkRegions({ controller, workload: { primary }, report }: Subject): void {
  // A primary outside of AWS shares no Region with anybody.
  if (primary?.region === undefined) return;
  if (controller.probeRegions?.includes(primary.region) === true) {
    report(
      'primary.region',
      `got "${primary.region}", expected a Region that is not among controller.probeRegions: ` +
        'a place inside the outage cannot tell what the world sees',
    );
  }
  if (primary.region !== controller.region) return;
  report(
    'primary.region',
    `got "${primary.region}", expected another Region than controller.region: ` +
      'a controller must not die with what it protects',
  );
}

/** A quorum must be within reach exactly when it matters: while the primary's Region answers nothing at all. */
export function checkQuorum(subject: Subject): void {
  const reach = reachOf(subject);
  if (reach === null) return;
  const { quorum, region = 'the primary', places } = reach;
  const atMost = (field: keyof typeof quorum, most: number, why: string): void => {
    if (quorum[field] <= most) return;
    subject.report(
      `policy.confirm.quorum.${field}`,
      `got ${quorum[field]}, expected at most ${most}: ${why}`,
    );
  };
  atMost('signals', reach.signals, `so many can speak while ${region} is silent`);
  atMost('places', places, 'there are no more places');
}

/** What can speak while the primary's Region is silent; null where the configuration does not say. */
function reachOf({ id, controller, workload }: Subject) {
  const { primary, edge, detection, policy } = workload;
  const { probeRegions } = controller;
  if (!probeRegions || !controller.region || !primary || !edge || !detection || !policy) return null;
  const places = placesOf({ controller: { probeRegions } }).length;
  const sources = alarmSourcesOf(id, { primary, edge, detection, policy }, controller.region);
  const alarms = sources.filter((source) => source.region !== primary.region).length;
  const { quorum } = policy.confirm;
  // From each place one probe of the primary and one through the edge.
  return { quorum, region: primary.region, places, signals: alarms + 2 * places };
}

/** Fewer signals than this can be two faults at once. */
const SIGNALS_SAFE = 3;

/** A quorum that one fault reaches moves users for nothing; one that one fault keeps out of reach moves them never. */
export const warnQuorum: Rule = (subject) => {
  const reach = reachOf(subject);
  if (reach === null) return;
  const { quorum, places, signals } = reach;
  const warn = (field: keyof typeof quorum, what: string, safer: string): void => {
    subject.report(`policy.confirm.quorum.${field}`, danger(String(quorum[field]), what, safer));
  };
  if (quorum.kinds === 1)
    warn('kinds', 'a fault of CloudWatch alone, or of all probes alone, is enough for an outage', '2');
  if (quorum.places === 1)
    warn('places', 'the bad network of one probe Region is enough to take the primary for dead', '2');
  if (quorum.places === places)
    warn(
      'places',
      'these are all places, so one that does not answer stops every failover, and every switch from being verified',
      'one more in controller.probeRegions',
    );
  if (quorum.signals < SIGNALS_SAFE)
    warn('signals', 'two sources that are wrong at once are an outage', 'half of those that can speak');
  else if (quorum.signals === signals)
    warn(
      'signals',
      'these are all that can speak on the day, so one that is late or silent stops every failover',
      `${signals - 2} or fewer`,
    );
};

/** Dangers of the places where the controller runs and looks from. */
export const warnPlaces: CommonRule = ({ controller: { region, probeRegions } }, report) => {
  warnOptIn('controller.region', region, report);
  probeRegions?.forEach((place, index) => {
    warnOptIn(`controller.probeRegions.${index}`, place, report);
  });
  if (region === GLOBAL_METRICS_REGION) {
    report(
      'controller.region',
      danger(
        `"${region}"`,
        'the control planes of CloudFront, IAM and Route 53 are there too, so one bad day takes the signals, the edge and the controller',
        'any other Region',
      ),
    );
  }
  if (probeRegions === undefined) return;
  if (region !== undefined && probeRegions.includes(region)) {
    report(
      'controller.probeRegions',
      danger(
        `"${region}"`,
        'a place in the Region of the controller shares its faults, so it is no second opinion',
        'a Region that nothing else of Pilotlight is in',
      ),
    );
  }
  const [first, ...others] = new Set(probeRegions.map(continentOf));
  if (first == null || others.length > 0) return;
  report(
    'controller.probeRegions',
    danger(
      probeRegions.join(', '),
      `all are in ${first}, so a network that fails there blinds all of them at once`,
      'at least one on another continent',
    ),
  );
};

export const warnPrimaryRegion: Rule = ({ workload: { primary }, report }) => {
  warnOptIn('primary.region', primary?.region, report);
};

function warnOptIn(path: string, name: string | undefined, report: Subject['report']): void {
  if (name === undefined || !isOptIn(name)) return;
  report(
    path,
    danger(
      `"${name}"`,
      'an account does not have this Region until somebody turns it on, and not every service is there',
      'turn it on in the account settings and try every stack in it, or take a Region that every account has',
    ),
  );
}
