/** The settings of the extension in tests: the server is that of the checkout. */
import { python } from './project';

export function serverSettings(): Record<string, unknown> {
  return { 'promptbits.server.command': [python(), '-m', 'promptbits', 'lsp'] };
}
