import * as vscode from 'vscode';

import type { Layer, LibraryPrompt } from '../protocol';
import { type LayerRow, type PromptRow, rowId, type RootRow, type Row } from './model';
import { highlights, words } from './search';
import { counted, description, grouped, LAYER_NAMES, spoken, title, tooltip } from './wording';

const LAYER_ICONS: Record<Layer, string> = { custom: 'edit', learned: 'mortar-board', builtin: 'package' };

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** A row as the editor draws it. The tooltip is made when somebody points at it. */
export function rowItem(row: Row, query: string, severalRoots: boolean): vscode.TreeItem {
  const item = itemOf(row, query, severalRoots);
  item.id = rowId(row);
  return item;
}

/** All that is known of what a row stands for. */
export function rowTooltip(row: Row): vscode.MarkdownString | string {
  if (row.kind === 'prompt') return new vscode.MarkdownString(tooltip(row.prompt), true);
  if (row.kind === 'root') return vscode.Uri.parse(row.root.uri).fsPath;
  return `${counted(row.prompts.length, 'prompt')}: ${LAYER_NAMES[row.layer]}`;
}

function itemOf(row: Row, query: string, severalRoots: boolean): vscode.TreeItem {
  if (row.kind === 'root') return rootItem(row);
  return row.kind === 'layer' ? layerItem(row) : promptItem(row, query, severalRoots);
}

function rootItem({ root }: RootRow): vscode.TreeItem {
  const item = new vscode.TreeItem(root.name, Expanded);
  item.description = grouped(root.prompts.length);
  item.iconPath = new vscode.ThemeIcon('root-folder');
  item.contextValue = 'root';
  return item;
}

function layerItem({ layer, prompts }: LayerRow): vscode.TreeItem {
  const item = new vscode.TreeItem(LAYER_NAMES[layer], layer === 'builtin' ? Collapsed : Expanded);
  item.description = grouped(prompts.length);
  item.iconPath = new vscode.ThemeIcon(LAYER_ICONS[layer]);
  item.contextValue = 'layer';
  return item;
}

function promptItem({ prompt, root }: PromptRow, query: string, severalRoots: boolean): vscode.TreeItem {
  const searching = query.trim() !== '';
  const item = new vscode.TreeItem({ label: title(prompt), highlights: highlights(prompt.id, words(query)) }, None);
  const uri = vscode.Uri.parse(prompt.uri);
  item.resourceUri = uri;
  item.description = description(prompt, searching && severalRoots ? root.name : '');
  item.iconPath = icon(prompt);
  item.contextValue = prompt.shipped ? 'prompt.shipped' : 'prompt';
  item.accessibilityInformation = { label: spoken(prompt) };
  item.command = { command: 'vscode.open', title: 'Open Prompt', arguments: [uri, { preview: true }] };
  return item;
}

function icon(prompt: LibraryPrompt): vscode.ThemeIcon {
  if (prompt.shadowed) return new vscode.ThemeIcon('eye-closed', new vscode.ThemeColor('disabledForeground'));
  return new vscode.ThemeIcon(LAYER_ICONS[prompt.layer]);
}
