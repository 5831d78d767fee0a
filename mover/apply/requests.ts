import { answerBlob, applierBlob, requestBlob } from '../../core/data/layout.ts';
import {
  HANDOVER_SECONDS_MAX,
  requestSchema,
  type ApplierState,
  type HandoverAnswer,
  type HandoverRequest,
} from '../../core/data/handover.ts';
import type { BlobContainer } from '../store/blob-store.ts';

/** Whoever asked so long ago has given up, and users may be home again: to open the database now would end the following for nobody. */
const ASKED_BEFORE_MS = (HANDOVER_SECONDS_MAX + 120) * 1000;

/** The standby's side of the hand-over: what the controller asks for, and what it is answered. */
export class Handover {
  private readonly container: BlobContainer;
  private readonly workload: string;
  private readonly answered = new Set<string>();

  constructor(container: BlobContainer, workload: string) {
    this.container = container;
    this.workload = workload;
  }

  /**
   * The newest request that has no answer, is for these data and is still waited for; null where there is none.
   * @param since requests before are for earlier data; milliseconds since the Unix epoch, as `now`
   */
  async pending(since: number, now: number): Promise<HandoverRequest | null> {
    const oldest = Math.max(since, now - ASKED_BEFORE_MS);
    const ids = await this.container.folders(`${this.workload}/`);
    const open: HandoverRequest[] = [];
    for (const id of ids.filter((one) => !this.answered.has(one))) {
      const text = await this.container.readText(requestBlob(this.workload, id));
      const request = text === null ? null : requestSchema.safeParse(parsed(text));
      const isOld = request?.success !== true || Date.parse(request.data.askedAt) < oldest;
      // Neither an old request nor an answered one becomes anything else: they are asked for once.
      if (isOld || (await this.container.length(answerBlob(this.workload, id))) !== null)
        this.answered.add(id);
      else open.push(request.data);
    }
    return open.sort((a, b) => Date.parse(a.askedAt) - Date.parse(b.askedAt)).at(-1) ?? null;
  }

  async answer(request: HandoverRequest, answer: HandoverAnswer): Promise<void> {
    await this.container.add(answerBlob(this.workload, request.correlationId), JSON.stringify(answer));
    this.answered.add(request.correlationId);
  }

  tell(state: ApplierState): Promise<void> {
    return this.container.replace(applierBlob(this.workload), JSON.stringify(state));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
