/** The page of a webview: everything in it comes from files of ours, nothing is inline. */

export interface PageParts {
  /** Where files of the extension may be loaded from, as the webview says. */
  cspSource: string;
  script: string;
  style: string;
  title: string;
}

/** The whole document of a panel. Its content is made by the script, from text nodes only. */
export function page({ cspSource, script, style, title }: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `img-src ${cspSource}`,
    `font-src ${cspSource}`,
    `style-src ${cspSource}`,
    `script-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${escape(style)}">
</head>
<body>
<main id="root"></main>
<script src="${escape(script)}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
