import type { DraftFile } from './draft.ts';
import type { NameTable } from './nameTable.ts';

/** Groups whose members are named; who has more of them has other worries. */
const MOST_GROUPS = 10_000;

/** Of inputs whose outputs some file system would take for one: the first two of each group, so that each can name another. */
export type Clashes = ReadonlyMap<number, readonly string[]>;

export async function clashesIn(drafts: DraftFile, table: NameTable): Promise<Clashes> {
  const groups = new Map<number, string[]>();
  for await (const block of drafts.read()) {
    for (const draft of block) {
      if ('row' in draft && table.stateOf(draft.row) === 'clash') {
        const group = table.groupOf(draft.row);
        const members = groups.get(group);
        if (members !== undefined) {
          members.splice(1, 1, members[1] ?? draft.input);
        } else if (groups.size < MOST_GROUPS) {
          groups.set(group, [draft.input]);
        }
      }
    }
  }
  return groups;
}
