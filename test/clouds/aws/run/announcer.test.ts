import { makeAnnouncer } from '../../../../clouds/aws/run/announcer.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../../../core/errors.ts';
import { type Answer, awsAnswering, formOf, rejectionOf, systemError, xmlError } from '../helpers.ts';

const published: Answer = {
  status: 200,
  body: '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
};
const topicArn = 'arn:aws:sns:us-west-2:123456789012:pilotlight';
const message = {
  subject: 'petclinic: FailedOver',
  text: 'It runs in Azure.',
  workload: 'petclinic',
  outcome: 'FailedOver',
};

function announcerAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  return { announcer: makeAnnouncer({ ...access, topicArn }), sent };
}

describe('telling people', () => {
  it('publishes subject, text and the attributes that subscribers filter on', async () => {
    const { announcer, sent } = announcerAnswering(published);
    await announcer.announce(message);
    expect(sent.map(({ method, hostname }) => `${method} ${hostname}`)).toEqual([
      'POST sns.us-west-2.amazonaws.com',
    ]);
    expect(formOf(sent[0])).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: 'arn:aws:sns:us-west-2:123456789012:pilotlight',
      Subject: 'petclinic: FailedOver',
      Message: 'It runs in Azure.',
      'MessageAttributes.entry.1.Name': 'workload',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'petclinic',
      'MessageAttributes.entry.2.Name': 'outcome',
      'MessageAttributes.entry.2.Value.DataType': 'String',
      'MessageAttributes.entry.2.Value.StringValue': 'FailedOver',
    });
  });

  it.each([
    ['line breaks', 'petclinic:\r\nEscalated\n', 'petclinic: Escalated'],
    ['dashes and accents', 'clinique \u2014 d\u00e9faut', 'clinique - defaut'],
    ['letters that ASCII does not have', '\ubcd1\uc6d0: Escalated', '??: Escalated'],
    ['control characters', 'a\u0007b', 'a?b'],
  ])('makes a subject that SNS takes out of one with %s', async (_what, subject, wanted) => {
    const { announcer, sent } = announcerAnswering(published);
    await announcer.announce({ ...message, subject });
    expect(formOf(sent[0])['Subject']).toBe(wanted);
  });

  it('tells people the beginning and the end of a text that SNS would refuse whole', async () => {
    const { announcer, sent } = announcerAnswering(published, published);
    const fits = 'ä'.repeat(125_000);
    await announcer.announce({ ...message, text: fits });
    await announcer.announce({ ...message, text: `begin ${fits} end` });
    const texts = sent.map((request) => formOf(request)['Message'] ?? '');
    expect(texts[0]).toBe(fits);
    expect(texts[1]).toMatch(/^begin ä+ … \(\d+ characters left out\) … ä+ end$/);
    expect(Buffer.byteLength(texts[1] ?? '')).toBeLessThanOrEqual(250_000);
  });

  it('cuts a subject at 100 characters and leaves one of exactly 100 alone', async () => {
    const { announcer, sent } = announcerAnswering(published, published);
    await announcer.announce({ ...message, subject: 'x'.repeat(100) });
    await announcer.announce({ ...message, subject: 'y'.repeat(101) });
    expect(sent.map((request) => formOf(request)['Subject'])).toEqual(['x'.repeat(100), 'y'.repeat(100)]);
  });

  it('leaves the letters of the text as they are', async () => {
    const { announcer, sent } = announcerAnswering(published);
    await announcer.announce({ ...message, text: 'd\u00e9faut \u2014 \ubcd1\uc6d0\n2' });
    expect(formOf(sent[0])['Message']).toBe('d\u00e9faut \u2014 \ubcd1\uc6d0\n2');
  });

  it.each([
    ['AuthorizationError', 403],
    ['NotFound', 404],
    ['InvalidParameter', 400],
  ])('is refused on %s', async (code, status) => {
    const { announcer } = announcerAnswering(xmlError(status, code));
    expect(await rejectionOf(announcer.announce(message))).toBeInstanceOf(CloudRefused);
  });

  it.each([
    ['throttled', xmlError(400, 'Throttling')],
    ['broken', xmlError(500, 'InternalError')],
    ['not to be reached', systemError('EAI_AGAIN')],
  ])('is unavailable when SNS is %s three times', async (_what, answer) => {
    const { announcer, sent } = announcerAnswering(answer, answer, answer);
    expect(await rejectionOf(announcer.announce(message))).toBeInstanceOf(CloudUnavailable);
    expect(sent).toHaveLength(3);
  });

  it('does not believe that people were told when the answer names no message', async () => {
    const { announcer } = announcerAnswering({ status: 200, body: '<PublishResponse/>' });
    expect(await rejectionOf(announcer.announce(message))).toBeInstanceOf(CloudAnswerUnreadable);
  });
});
