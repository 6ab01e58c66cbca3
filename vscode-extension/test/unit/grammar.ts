/** The grammar of the extension as VS Code runs it: with the same library, and the same engine for expressions. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import type { IGrammar } from 'vscode-textmate';

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  contributes: {
    grammars: { language: string; scopeName: string; path: string; tokenTypes?: Record<string, string> }[];
  };
};
const entry = manifest.contributes.grammars.find((grammar) => grammar.language === 'promptbit');
const standardTypes: Record<string, number> = { other: 0, comment: 1, string: 2 };

/** The part of a line from `start` on with its scopes, the outermost first. */
export interface Token {
  line: number;
  start: number;
  text: string;
  scopes: string[];
}

export async function loadGrammar(): Promise<IGrammar> {
  if (!entry) throw new Error('package.json has no grammar for promptbit.');
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(new Uint8Array(readFileSync(wasm)));
  const file = new URL(entry.path, root);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(file, 'utf8'), file.pathname)),
  });
  const types = Object.entries(entry.tokenTypes ?? {}).map(([scope, type]) => [scope, standardTypes[type] ?? 0]);
  const tokenTypes = Object.fromEntries(types) as Record<string, number>;
  const grammar = await registry.loadGrammarWithConfiguration(entry.scopeName, 1, { tokenTypes });
  if (!grammar) throw new Error('The grammar was not loaded.');
  return grammar;
}

/** Every token of a text, without empty ones. */
export function tokenize(grammar: IGrammar, text: string): Token[] {
  const tokens: Token[] = [];
  let stack = textmate.INITIAL;
  for (const [line, source] of text.split('\n').entries()) {
    const result = grammar.tokenizeLine(source, stack, 0);
    stack = result.ruleStack;
    for (const { startIndex: start, endIndex: end, scopes } of result.tokens) {
      const piece = source.slice(start, end);
      if (piece) tokens.push({ line, start, text: piece, scopes });
    }
  }
  return tokens;
}

/** What VS Code knows of a place without its scopes, such as whether brackets count there. */
export function standardType(grammar: IGrammar, line: string, character: number): string {
  const { tokens } = grammar.tokenizeLine2(line, textmate.INITIAL);
  let metadata = 0;
  for (let at = 0; at < tokens.length && (tokens[at] ?? 0) <= character; at += 2) metadata = tokens[at + 1] ?? 0;
  const type = (metadata >>> 8) & 3;
  return Object.keys(standardTypes).find((name) => standardTypes[name] === type) ?? String(type);
}
