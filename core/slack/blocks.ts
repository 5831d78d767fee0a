import { fit, slackLimits } from './text.ts';

/** A message as Slack takes it: `text` is what notifications and screen readers get. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** `verbatim` keeps Slack from making links and mentions of its own out of the text of an alarm. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
export const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });

// Slack shows plain text as it is: it is cut and not escaped.
const cut = (text: string, max: number): string => {
  const whole = text.toWellFormed();
  if (whole.length <= max) return whole;
  let kept = '';
  for (const character of whole) {
    if (kept.length + character.length > max - 1) return `${kept}…`;
    kept += character;
  }
  return kept;
};

export const header = (text: string) => ({ type: 'header', text: plain(cut(text, slackLimits.header)) });

/** Text of ours with our own formatting; foreign text in it must have gone through `fit`. */
export const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });

/** Pairs of a title and a text, side by side; at most ten. */
export const fields = (pairs: readonly (readonly [string, string])[]) => ({
  type: 'section',
  fields: pairs
    .slice(0, 10)
    .map(([title, text]) => mrkdwn(`*${title}*\n${fit(text, slackLimits.field - title.length - 3)}`)),
});

export const context = (text: string) => ({ type: 'context', elements: [mrkdwn(text)] });
export const divider = { type: 'divider' } as const;

export interface ButtonOptions {
  readonly actionId: string;
  readonly label: string;
  /** As any other where it is left out. */
  readonly style?: 'primary' | 'danger';
  readonly value: string;
  /** What is asked before it acts; left out where nothing can go wrong. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

/** A button that asks once more before it acts. */
export const button = ({ actionId, label, style, value, confirm }: ButtonOptions) => ({
  type: 'button',
  action_id: actionId,
  text: plain(label),
  ...(style === undefined ? {} : { style }),
  value,
  ...(confirm === undefined
    ? {}
    : {
        confirm: {
          title: plain(cut(confirm.title, slackLimits.confirmTitle)),
          text: plain(cut(confirm.text, slackLimits.confirmText)),
          confirm: plain(confirm.yes),
          deny: plain('Not yet'),
          ...(style === undefined ? {} : { style }),
        },
      }),
});

export const actions = (blockId: string, elements: readonly unknown[]) => ({
  type: 'actions',
  block_id: blockId,
  elements,
});
