import { noTurns, turnsSchema, type Turns } from '../../../core/fleet/turns.ts';
import type { TurnLedger } from '../../../core/ports.ts';
import type { AwsAccess } from '../client.ts';
import { turnsKey } from './ledger-items.ts';
import { makeVersionedText } from './versioned-text.ts';

/** The turns of the fleet, one item of the ledger's table. */
export function makeTurnLedger(options: AwsAccess & { readonly tableName: string }): TurnLedger {
  const texts = makeVersionedText(options);
  return {
    async read() {
      const { text, version } = await texts.read(turnsKey);
      return { turns: text === null ? noTurns : turnsOf(text), version };
    },
    write: (turns, version) => texts.write(turnsKey, JSON.stringify(turns), version),
  };
}

/** A damaged item is as none: turns then are taken anew, and nobody waits for what nobody can read. */
function turnsOf(text: string): Turns {
  try {
    return turnsSchema.safeParse(JSON.parse(text)).data ?? noTurns;
  } catch {
    return noTurns;
  }
}
