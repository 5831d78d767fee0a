import { requestIds, signatureProblem, uuidOf, xmlAnswer, xmlError } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireResponse } from '../wire/wire-shape.ts';

/** One message that a topic took. */
export interface Published {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | null;
  readonly message: string;
  /** String attributes by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The topics of one Region and everything that was published to them. */
export interface SnsState {
  readonly region: string;
  readonly topicArns: Set<string>;
  readonly messages: Published[];
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
/** Source: API reference of Publish: 256 KB, subject of at most 100 characters. */
const MESSAGE_BYTES_MAX = 262_144;
const SUBJECT_MAX = 100;
const MEMBER =
  /^(?:Action|Version|TopicArn|Message|Subject|MessageAttributes\.entry\.\d+\.(?:Name|Value\.(?:DataType|StringValue)))$/;

const problemOf = (
  state: SnsState,
  form: URLSearchParams,
): { status: number; code: string; message: string } | null => {
  const invalid = (message: string): { status: number; code: string; message: string } => ({
    status: 400,
    code: 'InvalidParameter',
    message: `Invalid parameter: ${message}`,
  });
  const message = form.get('Message') ?? '';
  const subject = form.get('Subject');
  if (!/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]+(?:\.fifo)?$/.test(form.get('TopicArn') ?? '')) {
    return invalid('TopicArn or TargetArn Reason: no value for required parameter');
  }
  if (message === '') return invalid('Empty message');
  if (Buffer.byteLength(message) > MESSAGE_BYTES_MAX) return invalid('Message too long');
  // Printable ASCII that begins with a letter, a digit or punctuation: a subject with an accent is refused.
  if (subject !== null && (subject.length > SUBJECT_MAX || !/^[!-~][ -~]*$/.test(subject)))
    return invalid('Subject');
  if (state.topicArns.has(form.get('TopicArn') ?? '')) return null;
  return { status: 404, code: 'NotFound', message: 'Topic does not exist' };
};

const attributesOf = (form: URLSearchParams): Record<string, string> => {
  const attributes: Record<string, string> = {};
  for (let entry = 1; form.has(`MessageAttributes.entry.${entry}.Name`); entry += 1) {
    const prefix = `MessageAttributes.entry.${entry}`;
    attributes[form.get(`${prefix}.Name`) ?? ''] = form.get(`${prefix}.Value.StringValue`) ?? '';
  }
  return attributes;
};

/** The SNS of one Region: `Publish` to standard topics. Protocol: AWS Query, checked against @aws-sdk/client-sns. */
export function snsService(state: SnsState): Service {
  const host = `sns.${state.region}.amazonaws.com`;
  const nextId = requestIds(`sns/${state.region}`);
  const publish = (form: URLSearchParams, requestId: string): WireResponse => {
    const problem = problemOf(state, form);
    if (problem !== null) return xmlError(problem, { namespace: NAMESPACE, requestId });
    const messageId = uuidOf(`message ${requestId}`);
    state.messages.push({
      at: Date.now(),
      messageId,
      topicArn: form.get('TopicArn') ?? '',
      subject: form.get('Subject'),
      message: form.get('Message') ?? '',
      attributes: attributesOf(form),
    });
    return xmlAnswer('Publish', { MessageId: messageId }, { namespace: NAMESPACE, requestId });
  };
  return {
    name: 'sns',
    handles: (request) => request.host === host,
    answer: (request) => {
      const form = new URLSearchParams(request.body);
      const action = form.get('Action') ?? '';
      const unknown = [...form.keys()].filter((name) => !MEMBER.test(name));
      if (action !== 'Publish' || unknown.length > 0) {
        throw new UnexpectedCall(
          `the simulated SNS does not know ${[`the action "${action}"`, ...unknown].join(', ')}`,
        );
      }
      const requestId = nextId();
      const problem = signatureProblem(request, { region: state.region, service: 'sns' });
      if (problem !== null) return xmlError({ status: 403, ...problem }, { namespace: NAMESPACE, requestId });
      return publish(form, requestId);
    },
  };
}
