import { answerBlob, applierBlob, requestBlob } from '../../core/data/layout.ts';
import {
  requestSchema,
  type ApplierState,
  type HandoverAnswer,
  type HandoverRequest,
} from '../../core/data/handover.ts';
import type { BlobContainer } from '../store/blob-store.ts';

/** The standby's side of the hand-over: what the controller asks for, and what it is answered. */
export class Handover {
  private readonly container: BlobContainer;
  private readonly workload: string;
  private readonly answered = new Set<string>();

  constructor(container: BlobContainer, workload: string) {
    this.container = container;
    this.workload = workload;
  }

  /** The newest request that is later than this load and has no answer; null where there is none. Milliseconds since the Unix epoch. */
  async pending(since: number): Promise<HandoverRequest | null> {
    const ids = await this.container.folders(`${this.workload}/`);
    const open: HandoverRequest[] = [];
    for (const id of ids.filter((one) => !this.answered.has(one))) {
      const text = await this.container.readText(requestBlob(this.workload, id));
      const request = text === null ? null : requestSchema.safeParse(parsed(text));
      const isOld = request?.success !== true || Date.parse(request.data.askedAt) < since;
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
