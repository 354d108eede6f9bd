/**
 * What a chat model is asked. Labels go by codes of one letter, or of as many digits as all of them need: a code is one
 * token for most models, so that the first token of an answer says everything, and no code begins another one.
 */

/** The prompt where the config has none of its own. */
export const DEFAULT_PROMPT = `Classify the text that the user sends. These are the labels:
{labels}
Answer with the code of the label that fits best, and with nothing else.`;

/** Where the labels go in a prompt. */
export const LABELS_SLOT = '{labels}';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** @returns one code a label */
export function codesOf(numLabels: number): readonly string[] {
  if (numLabels <= LETTERS.length) return [...LETTERS.slice(0, numLabels)];
  const digits = String(numLabels).length;
  return Array.from({ length: numLabels }, (_, i) => String(i + 1).padStart(digits, '0'));
}

/** A message of a conversation. */
export interface Message {
  readonly role: 'system' | 'user';
  readonly content: string;
}

/** What is needed to ask. */
export interface Question {
  /** With {@link LABELS_SLOT} in it. */
  readonly prompt: string;
  readonly labels: readonly string[];
  /** What a label means, by label; not every label needs one. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** UTF-16 code units of a text that are sent. */
  readonly maxCharacters: number;
}

/** @returns the conversation that asks for the label of a text */
export function messagesFor(text: string, { prompt, labels, descriptions, maxCharacters }: Question): Message[] {
  const codes = codesOf(labels.length);
  const meanings = new Map(Object.entries(descriptions));
  const lines = labels.map((label, i) => {
    const meaning = meanings.get(label);
    return `${codes[i]}: ${label}${meaning === undefined ? '' : ` - ${meaning}`}`;
  });
  return [
    // A function, since `$&` in a label would mean something in a replacement string.
    { role: 'system', content: prompt.replaceAll(LABELS_SLOT, () => lines.join('\n')) },
    { role: 'user', content: cut(text, maxCharacters) },
  ];
}

/** Never between the halves of a character. */
function cut(text: string, length: number): string {
  const isHalf = /[\uD800-\uDBFF]/.test(text[length - 1] ?? '');
  return text.slice(0, text.length > length && isHalf ? length - 1 : length);
}
