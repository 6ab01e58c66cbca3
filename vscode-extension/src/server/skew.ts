/** Telling that the server and the extension do not fit. */
import * as vscode from 'vscode';
import { tellWarning, type Action } from './messages';
import { skewMessage, skewOf } from './versions';

/** Says which one to upgrade, once for each pair of versions. */
export function tellSkew(
  context: vscode.ExtensionContext,
  server: string,
  from: 'command' | 'interpreter' | 'private',
): void {
  const extension = (context.extension.packageJSON as { version: string }).version;
  const skew = skewOf(extension, server);
  const pair = `promptbits.skew:${extension}:${server}`;
  if (skew === 'none' || context.globalState.get(pair)) {
    return;
  }
  void context.globalState.update(pair, true);
  const mend: Action[] = skew === 'serverOlder' && from === 'private' ? ['Install'] : ['Select Interpreter'];
  tellWarning(skewMessage(extension, server, skew), [...mend, 'Show Log']);
}
