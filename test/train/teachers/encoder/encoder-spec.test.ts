import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { longestText, readEncoderSpec } from '../../../../src/train/teachers/encoder/encoder-spec.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { type TinyEncoder, tinyEncoder } from '../../../support/tiny-encoders.ts';

const folder = temporaryFolder('encoder-spec');

type Json = Readonly<Record<string, unknown>>;

/** A directory with the config of a tiny encoder, some fields of it changed; undefined takes one away. */
function changed(name: TinyEncoder, change: Json): string {
  const config = JSON.parse(readFileSync(join(tinyEncoder(name), 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, ...change }));
  return folder;
}

describe('readEncoderSpec', () => {
  it('reads the sizes of BERT, DistilBERT and RoBERTa', async () => {
    const sizes = { hiddenSize: 24, innerSize: 48, numLayers: 2, numHeads: 3, activation: 'gelu' };
    const labels = ['place', 'person', 'thing'];
    expect(await readEncoderSpec(tinyEncoder('bert'))).toEqual({
      ...sizes,
      architecture: 'bert',
      vocabSize: 200,
      numPositions: 40,
      firstPosition: 0,
      numTypes: 2,
      epsilon: 1e-12,
      labels,
    });
    expect(await readEncoderSpec(tinyEncoder('distilbert'))).toMatchObject({
      ...sizes,
      numTypes: 0,
      epsilon: 1e-12,
      labels,
    });
    const roberta = await readEncoderSpec(tinyEncoder('roberta'));
    expect(roberta).toMatchObject({ ...sizes, numPositions: 42, firstPosition: 2, epsilon: 1e-5 });
    expect(longestText(roberta)).toBe(40);
  });

  it('says which architectures it knows', async () => {
    const message = 'config.json: model_type: expected one of bert, roberta, distilbert, got "deberta-v2"';
    await expect(readEncoderSpec(changed('bert', { model_type: 'deberta-v2' }))).rejects.toThrow(message);
    await expect(readEncoderSpec(changed('bert', { model_type: undefined }))).rejects.toThrow('got none');
  });

  it.each<readonly [TinyEncoder, Json, string]>([
    ['bert', { hidden_size: undefined }, 'config.json: hidden_size: expected'],
    ['bert', { num_hidden_layers: 0 }, 'config.json: num_hidden_layers: expected'],
    ['bert', { hidden_act: 'gelu_new' }, 'config.json: hidden_act: expected'],
    [
      'roberta',
      { position_embedding_type: 'relative_key' },
      'config.json: position_embedding_type: expected "absolute"',
    ],
    ['roberta', { is_decoder: true }, 'config.json: is_decoder: expected false, got true'],
    [
      'distilbert',
      { n_heads: 5 },
      'expected a hidden size that is a multiple of the attention heads, got 24 for 5 heads',
    ],
  ])('refuses %s with %j', async (name, change, message) => {
    await expect(readEncoderSpec(changed(name, change))).rejects.toThrow(message);
  });

  it('names the file that is missing, or is no JSON', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const missing = `${join(empty, 'config.json')}: expected the config of a Hugging Face model, got no such file`;
    await expect(readEncoderSpec(empty)).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining(missing),
    });
    writeFileSync(join(empty, 'config.json'), '{');
    await expect(readEncoderSpec(empty)).rejects.toThrow('config.json: expected JSON, got');
    rmSync(empty, { recursive: true });
  });
});
