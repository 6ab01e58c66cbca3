/** Which documents become prompts: those that VS Code takes for JSON and the server for a prompt. Knows no window. */

/** What is needed of an open document. */
export interface OpenDocument {
  readonly languageId: string;
  readonly uri: { readonly scheme: string; readonly path: string; toString(): string };
}

/** The window and the server, as far as they are needed. */
export interface Surroundings<Document extends OpenDocument> {
  /** Every open document. */
  documents(): readonly Document[];
  /** Whether a server can be asked. */
  running(): boolean;
  isPrompt(uri: string): Promise<boolean>;
  makePrompt(document: Document): Promise<unknown>;
}

const LANGUAGE = 'promptbit';

/**
 * Gives documents our language, each at most once while it is open.
 *
 * Who changes the language of a document by hand gets what was chosen: VS Code says that such a document was closed and
 * opened, and it has been a prompt before.
 */
export class Adoption<Document extends OpenDocument> {
  readonly #surroundings: Surroundings<Document>;
  readonly #settled = new Set<string>();
  readonly #asking = new Set<string>();

  constructor(surroundings: Surroundings<Document>) {
    this.#surroundings = surroundings;
  }

  /** A document was opened, or has got another language, or may have become a prompt. */
  async consider(document: Document): Promise<void> {
    const key = document.uri.toString();
    if (document.languageId === LANGUAGE) {
      this.#settled.add(key);
    }
    if (!isJson(document) || this.#settled.has(key) || this.#asking.has(key) || !this.#surroundings.running()) {
      return;
    }
    this.#asking.add(key);
    try {
      // The answer may come late: after the document was closed, or was given another language.
      if ((await this.#surroundings.isPrompt(key)) && this.#isOpen(key) && isJson(document)) {
        this.#settled.add(key);
        await this.#surroundings.makePrompt(document);
      }
    } catch {
      // A server that stops just now, or that does not know the request: the document stays what it is.
    } finally {
      this.#asking.delete(key);
    }
  }

  /** Settings, folders or the server have changed: what was no prompt may be one now. */
  async considerAll(): Promise<void> {
    await Promise.all(this.#surroundings.documents().map((document) => this.consider(document)));
  }

  /** A document was closed, or is about to be opened with another language. */
  closed(document: Document): void {
    const key = document.uri.toString();
    if (!this.#isOpen(key)) {
      this.#settled.delete(key);
    }
  }

  #isOpen(key: string): boolean {
    return this.#surroundings.documents().some((document) => document.uri.toString() === key);
  }
}

function isJson({ languageId, uri }: OpenDocument): boolean {
  return (languageId === 'json' || languageId === 'jsonc') && uri.scheme === 'file' && uri.path.endsWith('.json');
}
