import * as z from 'zod';

/** The ids of our buttons: two that answer a question, and three that steer a run. */
export const slackActions = {
  approve: 'pilotlight-approve',
  reject: 'pilotlight-reject',
  pause: 'pilotlight-pause',
  resume: 'pilotlight-resume',
  cancel: 'pilotlight-cancel',
} as const;

/** What steers a run by a button. */
export const steeringKinds = ['pause', 'resume', 'cancel'] as const;

/** What a button carries: which run it is about. The task token stays in the ledger. */
export const buttonValueSchema = z.strictObject({
  workload: z.string().min(1).max(64),
  execution: z.string().min(1).max(80),
});

/** A person's click, as the gateway hands it to the worker. */
export const slackClickSchema = z.strictObject({
  ...buttonValueSchema.shape,
  answer: z.enum(['approve', 'reject', ...steeringKinds]),
  user: z.strictObject({ id: z.string().min(1).max(64), name: z.string().max(200) }),
  message: z.strictObject({ channel: z.string().min(1), ts: z.string().min(1) }),
  /** When the gateway took it, milliseconds since the Unix epoch: a slow worker must not make an answer late. */
  at: z.int(),
});
export type SlackClick = z.infer<typeof slackClickSchema>;

/** Whom we listen to. Without `appId` any app whose signing secret we know may speak, which is one. */
export interface SlackHome {
  readonly teamId: string;
  readonly channel: string;
  readonly appId?: string | undefined;
}

export type InteractionReading =
  | { readonly kind: 'click'; readonly click: Omit<SlackClick, 'at'> }
  /** Signed by Slack and nothing for us: acknowledged, without effect. */
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'foreign'; readonly reason: string };

const typeSchema = z.object({ type: z.string() });
const text = z.string().min(1).max(200);

/** The fields of `block_actions` that we read. Source: Slack API, "block_actions payload". */
const blockActionsSchema = z.object({
  api_app_id: text.optional(),
  user: z.object({
    id: text,
    username: z.string().max(200).optional(),
    name: z.string().max(200).optional(),
    team_id: text.optional(),
  }),
  team: z.object({ id: text }).nullish(),
  enterprise: z.object({ id: text }).nullish(),
  channel: z.object({ id: text }),
  message: z.object({ ts: text }),
  actions: z
    .array(z.object({ action_id: z.string().max(255), value: z.string().max(2000).optional() }))
    .min(1)
    .max(25),
});
type BlockActions = z.infer<typeof blockActionsSchema>;

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

/** Reads the payload of a signed request. What it says is believed only after the team, the channel and the app match. */
export function readInteraction(payload: string, home: SlackHome): InteractionReading {
  const data = parseJson(payload);
  const typed = typeSchema.safeParse(data);
  if (!typed.success) return { kind: 'malformed', reason: 'payload is not an interaction' };
  if (typed.data.type !== 'block_actions') return { kind: 'ignored', reason: 'interaction of another type' };
  const parsed = blockActionsSchema.safeParse(data);
  if (!parsed.success) return { kind: 'malformed', reason: 'block_actions not as documented' };
  const foreign = foreignPart(parsed.data, home);
  if (foreign !== null) return { kind: 'foreign', reason: `foreign ${foreign}` };
  return readAction(parsed.data);
}

/** Which part of the interaction is not ours; null where all are. */
function foreignPart(interaction: BlockActions, home: SlackHome): string | null {
  // An organisation (E...) stands above its teams, so its people may come from any of them.
  const byOrganisation = home.teamId.startsWith('E');
  const from = byOrganisation ? interaction.enterprise?.id : interaction.team?.id;
  if (from !== home.teamId) return 'team';
  // A shared channel has people of other companies in it, who come with a team of their own.
  const personsTeam = interaction.user.team_id;
  if (!byOrganisation && personsTeam !== undefined && personsTeam !== home.teamId) return 'user';
  if (interaction.channel.id !== home.channel) return 'channel';
  if (home.appId !== undefined && interaction.api_app_id !== home.appId) return 'app';
  return null;
}

const answerOfAction: Readonly<Partial<Record<string, SlackClick['answer']>>> = {
  [slackActions.approve]: 'approve',
  [slackActions.reject]: 'reject',
  [slackActions.pause]: 'pause',
  [slackActions.resume]: 'resume',
  [slackActions.cancel]: 'cancel',
};

function readAction(interaction: BlockActions): InteractionReading {
  const answers = interaction.actions.flatMap(({ action_id: id, value }) => {
    const answer = answerOfAction[id];
    return answer === undefined ? [] : [{ answer, value }];
  });
  const [first, ...others] = answers;
  if (first === undefined) return { kind: 'ignored', reason: 'action that is not ours' };
  // A click is one action; two at once would be two words in one breath.
  if (others.length > 0) return { kind: 'malformed', reason: 'more than one answer in one click' };
  const value = buttonValueSchema.safeParse(parseJson(first.value ?? ''));
  if (!value.success) return { kind: 'malformed', reason: 'value of the button is not ours' };
  const { user, channel, message } = interaction;
  return {
    kind: 'click',
    click: {
      ...value.data,
      answer: first.answer,
      user: { id: user.id, name: user.name ?? user.username ?? user.id },
      message: { channel: channel.id, ts: message.ts },
    },
  };
}
