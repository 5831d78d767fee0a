import { danger, type Rule } from './subject.ts';

/* How much may be lost, against how much is lost on an ordinary day. */

/** A dump that takes long, or begins late, is no fault yet. Seconds. */
const DUMP_SLACK_SECONDS = 3_600;
/** One append that fails and its repetition are no fault yet. */
const SHIP_ROUNDS_MIN = 3;

/** A limit that ordinary operation exceeds would make every failover ask. */
export const checkData: Rule = ({ workload: { data }, report }) => {
  if (data === undefined || data.mode === 'none') return;
  const low =
    data.mode === 'dump'
      ? data.dumpEveryMinutes * 60 + DUMP_SLACK_SECONDS
      : SHIP_ROUNDS_MIN * data.shipEverySeconds;
  if (data.maxLossSeconds >= low) return;
  const why =
    data.mode === 'dump'
      ? 'dumpEveryMinutes and an hour are lost on an ordinary day'
      : `${SHIP_ROUNDS_MIN} times shipEverySeconds are lost on an ordinary day`;
  report('data.maxLossSeconds', `got ${data.maxLossSeconds}, expected at least ${low}: ${why}`);
};

/** Loss that a user of the site notices whatever people were promised. */
const LOSS_SECONDS_SAFE = 3_600;
const DUMP_MINUTES_SAFE = 2 * 24 * 60;

const hostOf = (url: string): string => URL.parse(url)?.hostname ?? '';

/** What nobody would know on the day, and what takes longer than people think. */
export const warnData: Rule = ({ workload: { data, url, primary }, report }) => {
  if (data === undefined) return;
  if (data.mode === 'none') {
    if (data.probe === undefined) {
      const what = 'nobody knows what a failover would lose';
      report('data', danger('mode "none" without probe', what, 'mode ship, or the URL of a probe'));
    } else if ([hostOf(url ?? ''), primary?.domainName].includes(hostOf(data.probe.url))) {
      const what = 'it dies with the primary, and then nobody knows what a failover would lose';
      report('data.probe.url', danger(`"${data.probe.url}"`, what, 'an address of the standby’s side'));
    }
    return;
  }
  if (data.mode === 'ship' && data.maxLossSeconds > LOSS_SECONDS_SAFE) {
    const what = 'a shipper that is dead for so long is no reason to ask';
    report('data.maxLossSeconds', danger(String(data.maxLossSeconds), what, `${LOSS_SECONDS_SAFE} or less`));
  }
  if (data.dumpEveryMinutes > DUMP_MINUTES_SAFE) {
    const what = 'so long a log has to be replayed after the dump, while users wait';
    report('data.dumpEveryMinutes', danger(String(data.dumpEveryMinutes), what, '1440'));
  }
};
