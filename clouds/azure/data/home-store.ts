import {
  homeAnswerBlob,
  homeAnswerSchema,
  orderBlob,
  orderSchema,
  sideBlob,
  sideStateSchema,
} from '../../../core/data/home.ts';
import { HANDOVER } from '../../../core/data/layout.ts';
import type { HomeStore } from '../../../core/data/ports.ts';
import { makeBlobClient } from './blob-client.ts';
import type { DataStoreOptions } from './data-store.ts';
import { goneAgain, readNote } from './notes.ts';

/** The orders of the way home of one workload, and their answers. */
export function makeHomeStore(options: DataStoreOptions): HomeStore {
  const { account, workload } = options;
  const handover = makeBlobClient(
    { account, container: HANDOVER, role: 'Storage Blob Data Contributor' },
    options,
  );
  return {
    async order(wanted) {
      const name = orderBlob(workload, wanted.id);
      if (await handover.create(name, wanted)) return wanted;
      return (await readNote(handover, name, orderSchema)) ?? goneAgain(name);
    },
    answer: (id) => readNote(handover, homeAnswerBlob(workload, id), homeAnswerSchema),
    side: (side) => readNote(handover, sideBlob(workload, side), sideStateSchema),
  };
}
