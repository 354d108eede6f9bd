import { expect, it } from 'vitest';
import { withoutSecrets } from '../../../src/train/records/secrets.ts';

it('writes the name of a variable where its secret value stood, at any depth, and leaves everything else', () => {
  const environment = {
    OPENAI_API_KEY: 'sk-0123456789',
    LONGER_TOKEN: 'sk-0123456789-and-more',
    PIN_SECRET: '1234',
    HOME: '/home/somebody',
    EMPTY_KEY: undefined,
  };
  const config = {
    url: 'https://example.com/?key=sk-0123456789',
    members: [{ header: 'sk-0123456789-and-more' }],
    path: '/home/somebody/1234',
    seeds: [0, 1],
    data: null,
  };
  expect(withoutSecrets(config, environment)).toEqual({
    ...config,
    url: 'https://example.com/?key=$OPENAI_API_KEY',
    members: [{ header: '$LONGER_TOKEN' }],
  });
});
