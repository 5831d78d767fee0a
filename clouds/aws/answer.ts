import type { z } from 'zod';
import { CloudAnswerUnreadable } from '../../core/errors.ts';
import { describeIssues } from '../../core/problems.ts';

/**
 * Parses what a service answered; fields that we do not know are ignored, because services add fields at any time.
 * @throws CloudAnswerUnreadable with every place where the answer differs from what AWS documents.
 */
export function readAnswer<Schema extends z.ZodType>(
  call: string,
  schema: Schema,
  answer: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new CloudAnswerUnreadable(call, describeIssues(parsed.error, answer));
  return parsed.data;
}
