/** Leaving secrets out of what people paste into reports. */

const SECRET = /key|token|secret|password|passwd|credential|auth|cookie/i;
/** `https://user:password@host`. */
const IN_ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;

/** A JSON value without the values whose names sound secret, and without passwords in addresses. */
export function redacted(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(IN_ADDRESS, '$1…@');
  }
  if (Array.isArray(value)) {
    return value.map(redactedArgument);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, SECRET.test(name) && isLeaf(each) ? '…' : redacted(each)]),
  );
}

/** An argument of a command may hold a secret too, as `--api-key=…` or behind `--api-key`. */
function redactedArgument(value: unknown, index: number, all: unknown[]): unknown {
  const before = all[index - 1];
  if (typeof value === 'string' && typeof before === 'string' && /^--?[\w-]+$/.test(before) && SECRET.test(before)) {
    return '…';
  }
  if (typeof value === 'string') {
    const [name = '', ...rest] = value.split('=');
    return rest.length > 0 && SECRET.test(name) ? `${name}=…` : redacted(value);
  }
  return redacted(value);
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
