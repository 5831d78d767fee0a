import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

/** A message that the simulated Slack keeps. */
export interface SlackPost {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly channel: string;
  /** Slack's id of a message in its channel. */
  readonly ts: string;
  /** The message that it answers; null where it begins a thread. */
  readonly thread: string | null;
  /** The one person who sees it; null where all do. */
  readonly onlyFor: string | null;
  text: string;
  blocks: readonly unknown[];
  /** How often it was rewritten. */
  edits: number;
}

/** A workspace with one app in it, and everything that was said. */
export interface SlackState {
  readonly teamId: string;
  readonly appId: string;
  /** The app's bot token as of now; another one is refused. */
  botToken: string;
  /** What the app signs with as of now. */
  signingSecret: string;
  /** Channels that the app is in. */
  readonly channels: ReadonlySet<string>;
  readonly posts: SlackPost[];
  /** What Slack does instead of its work; null on a good day. */
  trouble: null | WireResponse;
}

/** Limits that are refused here as there. Source: Slack API, chat.postMessage and Block Kit reference. */
const TEXT_MAX = 40_000;
const BLOCKS_MAX = 50;

const json = (body: unknown): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});
const refuse = (error: string): WireResponse => json({ ok: false, error });

interface Call {
  readonly channel?: string;
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly user?: string;
}

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['channel', 'text', 'blocks', 'thread_ts', 'unfurl_links', 'unfurl_media'],
  'chat.postEphemeral': ['channel', 'text', 'user', 'thread_ts'],
  'chat.update': ['channel', 'ts', 'text', 'blocks'],
};

/** Slack's Web API, as far as a bot posts, whispers and rewrites. */
export function slackService(state: SlackState): Service {
  return {
    name: 'slack',
    handles: (request) => request.host === 'slack.com',
    answer: (request) => {
      const method = request.path.replace(/^\/api\//, '');
      const call = readCall(method, request);
      if (state.trouble !== null) return state.trouble;
      return problemOf(state, request, call) ?? act(state, method, call);
    },
  };
}

function readCall(method: string, request: WireRequest): Call {
  const known = MEMBERS[method];
  const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
  if (known === undefined || request.method !== 'POST' || !isJson) {
    throw new UnexpectedCall(`the simulated Slack does not know ${request.method} ${request.path}`);
  }
  const call = JSON.parse(request.body) as Record<string, unknown>;
  const unknown = Object.keys(call).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UnexpectedCall(`${method} has no ${unknown.join(', ')} here`);
  return call;
}

function problemOf(state: SlackState, request: WireRequest, call: Call): WireResponse | null {
  if (request.headers['authorization'] !== `Bearer ${state.botToken}`) return refuse('invalid_auth');
  if (!state.channels.has(call.channel ?? '')) return refuse('channel_not_found');
  if ((call.text ?? '') === '' && (call.blocks ?? []).length === 0) return refuse('no_text');
  if ((call.text ?? '').length > TEXT_MAX) return refuse('msg_too_long');
  const problem = blocksProblem(call.blocks ?? []);
  if (problem === null) return null;
  return json({
    ok: false,
    error: 'invalid_blocks',
    response_metadata: { messages: [`[ERROR] ${problem}`] },
  });
}

function act(state: SlackState, method: string, call: Call): WireResponse {
  const channel = call.channel ?? '';
  if (method === 'chat.update') {
    const post = state.posts.find((one) => one.channel === channel && one.ts === call.ts);
    if (post?.onlyFor !== null) return refuse('message_not_found');
    post.text = call.text ?? '';
    post.blocks = call.blocks ?? [];
    post.edits += 1;
    return json({ ok: true, channel, ts: post.ts, text: post.text });
  }
  const at = Date.now();
  // Seconds and a counter, as Slack makes them: no two messages of a channel have the same.
  const ts = `${Math.floor(at / 1000)}.${String(state.posts.length + 1).padStart(6, '0')}`;
  const { text = '', blocks = [], thread_ts: thread = null, user = null } = call;
  state.posts.push({ at, channel, ts, thread, onlyFor: user, text, blocks, edits: 0 });
  return json(user === null ? { ok: true, channel, ts } : { ok: true, message_ts: ts });
}

interface BlockShape {
  readonly type?: string;
  readonly text?: { readonly text?: string };
  readonly fields?: readonly { readonly text?: string }[];
  readonly elements?: readonly ElementShape[];
  readonly block_id?: string;
}
interface ElementShape {
  readonly type?: string;
  readonly action_id?: string;
  readonly value?: string;
  readonly text?: string | { readonly text?: string };
}

/** What Slack would find wrong with the blocks of a message; null where it would take them. */
export function blocksProblem(blocks: readonly unknown[]): string | null {
  if (blocks.length > BLOCKS_MAX) return `no more than ${BLOCKS_MAX} items allowed`;
  for (const [index, block] of (blocks as readonly BlockShape[]).entries()) {
    const problem = blockProblem(block);
    if (problem !== null) return `${problem} [json-pointer:/blocks/${index}]`;
  }
  return null;
}

const within = (text: string | undefined, max: number): boolean =>
  text !== undefined && text.length >= 1 && text.length <= max;

function blockProblem(block: BlockShape): string | null {
  switch (block.type) {
    case 'header':
      return within(block.text?.text, 150) ? null : 'header text must have 1 to 150 characters';
    case 'divider':
      return null;
    case 'section':
      return sectionProblem(block);
    case 'context':
      return (block.elements ?? []).every(({ text }) => typeof text === 'string' && within(text, 2000))
        ? null
        : 'context text must have 1 to 2000 characters';
    case 'actions':
      return actionsProblem(block);
    default:
      return `unsupported type: ${block.type ?? 'none'}`;
  }
}

function sectionProblem({ text, fields }: BlockShape): string | null {
  if (text !== undefined && !within(text.text, 3000)) return 'section text must have 1 to 3000 characters';
  if (text === undefined && fields === undefined) return 'section needs text or fields';
  if ((fields ?? []).length > 10) return 'no more than 10 fields allowed';
  return (fields ?? []).every((field) => within(field.text, 2000))
    ? null
    : 'field text must have 1 to 2000 characters';
}

function actionsProblem({ elements = [], block_id: id = '' }: BlockShape): string | null {
  if (elements.length < 1 || elements.length > 25 || id.length > 255)
    return 'actions must have 1 to 25 elements';
  const good = elements.every(
    ({ type, action_id: action, value, text }) =>
      type === 'button' &&
      within(action, 255) &&
      within(value, 2000) &&
      typeof text === 'object' &&
      within(text.text, 75),
  );
  return good ? null : 'a button needs action_id, value (2000) and text (75)';
}
