import { describe, expect, test } from 'vitest';
import { redacted } from '../../src/server/redacting';

describe('what is left out of reports', () => {
  test('values whose names sound secret, everywhere', () => {
    const environment = { PROMPTBITS_LOG: 'debug', OPENAI_API_KEY: 'sk-1', nested: { authToken: 't', keys: ['a'] } };
    expect(redacted({ environment })).toEqual({
      environment: { PROMPTBITS_LOG: 'debug', OPENAI_API_KEY: '…', nested: { authToken: '…', keys: ['a'] } },
    });
  });

  test('arguments of commands', () => {
    expect(redacted(['run', '--api-key', 'sk-1', '--token=abc', '--level=debug', '-m', 'promptbits'])).toEqual([
      ...['run', '--api-key', '…', '--token=…', '--level=debug', '-m', 'promptbits'],
    ]);
  });

  test('passwords in addresses', () => {
    expect(redacted('from https://me:secret@host/simple')).toBe('from https://…@host/simple');
    expect(redacted(['--index=https://me:secret@host/simple'])).toEqual(['--index=https://…@host/simple']);
  });

  test('everything else stays', () => {
    expect(redacted({ a: [1, null, true, 'x'] })).toEqual({ a: [1, null, true, 'x'] });
  });
});
