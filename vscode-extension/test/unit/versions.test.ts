import { describe, expect, test } from 'vitest';
import { compareVersions, parseVersion, skewMessage, skewOf, type Version } from '../../src/server/versions';

describe('versions', () => {
  test.each([
    ['1.2.3', [1, 2, 3]],
    ['3.11', [3, 11, 0]],
    ['v0.1.0', [0, 1, 0]],
    ['3.13.0rc1', [3, 13, 0]],
    ['0.2.0+local.1', [0, 2, 0]],
    ['', undefined],
    ['three', undefined],
  ])('%j is read as %j', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  test('numbers are compared as numbers', () => {
    const sorted = (['3.9', '3.11', '3.10.4', '2.7.18'].map(parseVersion) as Version[]).sort(compareVersions);
    expect(sorted.map((version) => version.join('.'))).toEqual(['2.7.18', '3.9.0', '3.10.4', '3.11.0']);
  });

  test.each([
    ['0.1.0', '0.1.0', 'none'],
    ['0.1.0', '0.1.7', 'none'],
    ['0.2.0', '0.1.9', 'serverOlder'],
    ['0.9.0', '0.10.0', 'extensionOlder'],
    ['1.0.0', '0.9.0', 'serverOlder'],
    ['0.1.0', '', 'none'],
    ['0.1.0', 'main', 'none'],
  ])('extension %s and server %j: %s', (extension, server, expected) => {
    expect(skewOf(extension, server)).toBe(expected);
  });

  test('the message says which one to upgrade', () => {
    expect(skewMessage('0.2.0', '0.1.0', 'serverOlder')).toMatch(/server is version 0\.1\.0.*Upgrade the server/);
    expect(skewMessage('0.1.0', '0.2.0', 'extensionOlder')).toMatch(/extension 0\.1\.0.*Upgrade the extension/);
  });
});
