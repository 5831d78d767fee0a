/** Limits of Block Kit, in characters. Source: Slack API, reference of blocks and composition objects. */
export const slackLimits = {
  /** Plain text of a header block. */
  header: 150,
  /** Text of a section block. */
  section: 3000,
  /** Text of one field of a section; a section has at most ten. */
  field: 2000,
  /** Text of one element of a context block. */
  context: 2000,
  confirmTitle: 100,
  confirmText: 300,
  /** The text beside the blocks, which notifications show; Slack advises against more. */
  message: 4000,
} as const;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const ELLIPSIS = '…';

/**
 * Text for Slack, at most `max` characters long after escaping. Only &, < and > are special in it: with them escaped no
 * text of an alarm can become a link or wake the channel. A cut never falls into an entity or a surrogate pair.
 */
export function fit(text: string, max: number): string {
  const pieces = Array.from(text.toWellFormed(), (character) => ENTITIES[character] ?? character);
  const whole = pieces.join('');
  if (whole.length <= max) return whole;
  let cut = '';
  for (const piece of pieces) {
    if (cut.length + piece.length > max - ELLIPSIS.length) break;
    cut += piece;
  }
  return cut + ELLIPSIS;
}

/** Lines that fit together; what does not is counted in a last line, so that nobody takes the rest for the whole. */
export function fitLines(lines: readonly string[], max: number): string {
  const whole = lines.join('\n');
  if (whole.length <= max) return whole;
  const room = max - `\n${ELLIPSIS} and ${lines.length} more`.length;
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length + 1 > room) break;
    kept.push(line);
    length += line.length + 1;
  }
  return [...kept, `${ELLIPSIS} and ${lines.length - kept.length} more`].join('\n');
}

/** A moment as everybody in the channel reads it in their own time zone; the UTC beside it is for copies and old clients. */
export function slackMoment(ms: number): string {
  const utc = new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
  return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time_secs}|${utc}>`;
}
