/** The special tokens that a `tokenizer.json` puts around a text, and around two. */
import * as v from 'valibot';
import type { SpecialTokens } from '../../format/index.ts';
import { parsePart, unsupported } from './unsupported.ts';

/** Ids around and between two texts that are read together. */
export interface PairTemplate extends SpecialTokens {
  /** Between the first text and the second. */
  readonly middleIds: readonly number[];
  /** Token type of the second text and of what stands behind it; everything before has type 0. */
  readonly secondType: 0 | 1;
}

/** What stands around one text, and around two. */
export interface Templates {
  readonly single: SpecialTokens;
  /** Null where the tokenizer says nothing about two texts. */
  readonly pair: PairTemplate | null;
}

const ITEM = v.union([
  v.object({ SpecialToken: v.object({ id: v.string(), type_id: v.number() }) }),
  v.object({ Sequence: v.object({ id: v.picklist(['A', 'B']), type_id: v.number() }) }),
]);
type Item = v.InferOutput<typeof ITEM>;

const TEMPLATE = v.object({
  single: v.array(ITEM),
  pair: v.array(ITEM),
  special_tokens: v.record(v.string(), v.object({ ids: v.array(v.number()) })),
});
const TOKEN = v.tuple([v.string(), v.number()]);
const ENDS = v.object({ sep: TOKEN, cls: TOKEN });

const SUPPORTED = 'none, TemplateProcessing, BertProcessing, RobertaProcessing or ByteLevel';

/** Reads `post_processor`. */
export function readPostProcessor(value: unknown, part = 'post_processor'): Templates {
  if (value === null || value === undefined) return { single: { prefixIds: [], suffixIds: [] }, pair: null };
  const { type } = parsePart(v.looseObject({ type: v.string() }), value, part);
  if (type === 'ByteLevel') return readPostProcessor(null);
  if (type === 'TemplateProcessing') return readTemplate(value, part);
  if (type === 'BertProcessing' || type === 'RobertaProcessing') {
    const { sep, cls } = parsePart(ENDS, value, part);
    const single = { prefixIds: [cls[1]], suffixIds: [sep[1]] };
    const isBert = type === 'BertProcessing';
    return { single, pair: { ...single, middleIds: isBert ? [sep[1]] : [sep[1], sep[1]], secondType: isBert ? 1 : 0 } };
  }
  if (type === 'Sequence') {
    const { processors } = parsePart(
      v.object({ processors: v.array(v.looseObject({ type: v.string() })) }),
      value,
      part,
    );
    const meaningful = processors.filter((processor) => processor.type !== 'ByteLevel');
    if (meaningful.length < 2) return readPostProcessor(meaningful[0], part);
  }
  throw unsupported(part, type, SUPPORTED);
}

function readTemplate(value: unknown, part: string): Templates {
  const template = parsePart(TEMPLATE, value, part);
  const idsOf = (items: readonly Item[]): number[] =>
    items.flatMap((item) => {
      if (!('SpecialToken' in item)) throw unsupported(part, items, 'each text once, in order');
      return template.special_tokens[item.SpecialToken.id]?.ids ?? [];
    });
  const at = (items: readonly Item[], id: 'A' | 'B'): number =>
    items.findIndex((item) => 'Sequence' in item && item.Sequence.id === id);
  const { single, pair } = template;
  const [only, first, second] = [at(single, 'A'), at(pair, 'A'), at(pair, 'B')];
  if (only === -1 || first === -1 || second < first)
    throw unsupported(part, template.single, 'each text once, in order');
  const { Sequence } = pair[second] as Extract<Item, { Sequence: unknown }>;
  return {
    single: { prefixIds: idsOf(single.slice(0, only)), suffixIds: idsOf(single.slice(only + 1)) },
    pair: {
      prefixIds: idsOf(pair.slice(0, first)),
      middleIds: idsOf(pair.slice(first + 1, second)),
      suffixIds: idsOf(pair.slice(second + 1)),
      secondType: Sequence.type_id === 0 ? 0 : 1,
    },
  };
}
