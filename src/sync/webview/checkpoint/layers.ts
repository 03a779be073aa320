import type { TensorRow } from './protocol.ts';

export type PartKind = 'attention' | 'mlp' | 'ends' | 'other';

/** One bar of the charts: a layer, or what comes before the first and after the last. */
export interface Layer {
  /** `23`, `emb`, `head`. */
  readonly label: string;
  /** Names of its tensors. */
  readonly names: readonly string[];
  readonly bytes: Readonly<Record<PartKind, number>>;
  readonly total: number;
}

const NUMBERED = /^(?:.*?[._])?(?:layers?|blocks?|h|blk|resblocks|stages?)[._](\d+)[._]/i;
const HEAD = /(?:^|\.)(?:lm_head|head|output|classifier|score|cls|fc_out|proj_out)(?:\.|$)/i;
const EMBEDDING = /embed|(?:^|\.)(?:wte|wpe|tok_|token_embd|patch_)/i;
const ATTENTION = /attn|attention|(?:^|\.)(?:q|k|v|o|qkv)_?(?:proj)?(?:\.|$)|query|(?:^|\.)key(?:\.|$)/i;
const MLP = /mlp|ffn|feed_?forward|(?:^|\.)fc\d?(?:\.|$)|gate|up_proj|down_proj|intermediate|experts|dense|linear/i;

export function kindOf(name: string): PartKind {
  return EMBEDDING.test(name) || (HEAD.test(name) && !NUMBERED.test(name)) ? 'ends' : ATTENTION.test(name) ? 'attention' : MLP.test(name) ? 'mlp' : 'other';
}

/** The layers of a model, in order; what has no number comes first, or last where its name says so. */
export function layersOf(rows: readonly TensorRow[]): readonly Layer[] {
  const groups = new Map<string, TensorRow[]>();
  const numbers = new Set<number>();
  for (const row of rows) {
    if (!row.beside) {
      const digits = NUMBERED.exec(row.name)?.[1];
      const label = digits ?? (HEAD.test(row.name) || /(?:^|\.)(?:norm|ln_f|final_layernorm|output_norm)(?:\.|$)/.test(row.name) ? 'head' : 'emb');
      if (digits !== undefined) {
        numbers.add(Number(digits));
      }
      const group = groups.get(label);
      if (group) {
        group.push(row);
      } else {
        groups.set(label, [row]);
      }
    }
  }
  const labels = ['emb', ...[...numbers].sort((one, other) => one - other).map(String), 'head'];
  return labels.flatMap((label) => {
    const group = groups.get(label) ?? [];
    return group.length === 0 ? [] : [layer(label, group, numbers.size === 0)];
  });
}

function layer(label: string, rows: readonly TensorRow[], alone: boolean): Layer {
  const bytes: Record<PartKind, number> = { attention: 0, mlp: 0, ends: 0, other: 0 };
  for (const { name, bytes: size = 0 } of rows) {
    bytes[kindOf(name)] += size;
  }
  return { label: alone && label === 'emb' ? 'all' : label, names: rows.map(({ name }) => name), bytes, total: Object.values(bytes).reduce((sum, part) => sum + part, 0) };
}
