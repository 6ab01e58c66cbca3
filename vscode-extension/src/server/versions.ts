/** Comparing versions, of Python and of the two halves of the product. */

export type Version = readonly [major: number, minor: number, patch: number];

/** The numbers at the start of a version; what stands behind them ("rc1", "+local") does not count. */
export function parseVersion(text: string): Version | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.trim());
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
}

/** Below 0 where the first is older, 0 where they are the same, above 0 where it is newer. */
export function compareVersions(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

export type Skew = 'none' | 'serverOlder' | 'extensionOlder';

/**
 * Whether the two fit. They are released together, and what they say to each other may change with a minor version;
 * a patch changes nothing of it. A version that cannot be read is let pass: somebody builds their own.
 */
export function skewOf(extension: string, server: string): Skew {
  const [ours, theirs] = [parseVersion(extension), parseVersion(server)];
  if (!ours || !theirs || (ours[0] === theirs[0] && ours[1] === theirs[1])) {
    return 'none';
  }
  return compareVersions(theirs, ours) < 0 ? 'serverOlder' : 'extensionOlder';
}

/** Which one to upgrade, in one sentence. */
export function skewMessage(extension: string, server: string, skew: Exclude<Skew, 'none'>): string {
  const both = `The PromptBits server is version ${server}, this extension ${extension}.`;
  return skew === 'serverOlder' ? `${both} Upgrade the server.` : `${both} Upgrade the extension.`;
}
