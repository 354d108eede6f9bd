import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../src/train/backend.ts';
import { loadModel, modelTokenizer } from '../../../src/train/teachers/load-model.ts';
import { tinyOptions } from '../../support/tiny-encoders.ts';

describe('a model by itself', () => {
  beforeAll(async () => void (await chooseBackend('wasm')));

  it('says of each text what it says of it alone, and reads it with its own tokenizer', async () => {
    const options = tinyOptions('bert');
    const model = await loadModel({ options, backend: 'wasm', labels: [], multiLabel: false });
    const outputs = await model.run(['the parcel moved', 'the phone']);
    expect(outputs).toHaveLength(2);
    expect(await model.run(['the phone'])).toEqual([outputs[1]]);
    await model.dispose();
    const tokenizer = await modelTokenizer(options);
    expect(tokenizer!.encode('the phone').count).toBeGreaterThan(2);
  });

  it('has no tokenizer where only the model itself knows how it reads', async () => {
    expect(await modelTokenizer({ kind: 'recorded' })).toBeNull();
  });
});
