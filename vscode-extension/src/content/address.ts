/** Where the view of a prompt is: the path of the JSON file with `.md` behind it, under a scheme of its own. */

export const SCHEME = 'promptbits-content';

const SUFFIX = '.md';

/** The path of the view of a JSON file. */
export function viewPath(json: string): string {
  return json + SUFFIX;
}

/** The path of the JSON file behind a view; undefined where the path is none of a view, as that of a folder. */
export function jsonPath(view: string): string | undefined {
  const json = view.endsWith(SUFFIX) ? view.slice(0, -SUFFIX.length) : '';
  return json === '' || json.endsWith('/') ? undefined : json;
}

/** Where a file is once `from`, the file or a folder above it, is called `to`; undefined where that leaves it alone. */
export function movedPath(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
}
