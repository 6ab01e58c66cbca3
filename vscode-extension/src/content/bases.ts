/**
 * Which text of the server each view is based on, so that a save merges instead of overwriting.
 *
 * Something may read a view at any time, also while it has unsaved text. So it is not the text read last that a view is based
 * on, but the one that it was seen to show with nothing unsaved. That is remembered: it must outlive a reload of the window,
 * after which the editor shows its backup of what was unsaved.
 */
import { hasMark, looksAlike } from './text';

export interface Base {
  /** The server's name for the text. */
  version: string;
  /** Whether it begins with a byte-order mark. */
  marked: boolean;
  /** The server has put a conflict into the view, which is to be resolved before it is saved. */
  conflict: boolean;
}

/** Where bases are kept, by the address of the view. */
export interface Memory {
  load(): Record<string, Base>;
  store(bases: Record<string, Base>): void;
}

interface Text {
  text: string;
  version: string;
}

const MOST_READS = 3;
const MOST_BASES = 200;

export class Bases {
  /** What was read of each view, the newest first: the editor shows one of these, most likely the first. */
  private readonly reads = new Map<string, Text[]>();
  /** The text of a view before and after a conflict was put into it, each with its base: undo leads from one to the other. */
  private readonly conflicts = new Map<string, { text: string; base: Base }[]>();

  constructor(private readonly memory: Memory) {}

  /** What the view is based on; undefined where that is not known. */
  of(view: string): Base | undefined {
    return this.memory.load()[view];
  }

  /** A text was handed out. */
  read(view: string, text: string, version: string): void {
    this.reads.set(view, [{ text, version }, ...(this.reads.get(view) ?? [])].slice(0, MOST_READS));
  }

  /** The editor shows this text and has nothing unsaved. */
  shown(view: string, text: string): void {
    const read = this.reads.get(view)?.find((each) => looksAlike(each.text, text));
    if (read) this.settle(view, read);
  }

  /** The editor shows this text, and it is not saved: undo may have taken a conflict away, or brought it back. */
  typed(view: string, text: string): void {
    const found = this.conflicts.get(view)?.find((each) => looksAlike(each.text, text));
    if (found) this.put(view, found.base);
  }

  /**
   * A text was saved, and the content is what the answer says. Where that is more than the view shows, its base stays as it
   * is until the view was read anew: what is typed meanwhile is based on the old text.
   */
  saved(view: string, sent: string, answer: Text): void {
    if (looksAlike(sent, answer.text)) this.settle(view, { text: answer.text, version: answer.version });
  }

  /** A text could not be saved, and the view shows it with the conflict in it. */
  conflicted(view: string, sent: string, conflict: Text): void {
    const before = this.of(view);
    const base = { version: conflict.version, marked: hasMark(conflict.text), conflict: true };
    this.conflicts.set(view, [...(before ? [{ text: sent, base: before }] : []), { text: conflict.text, base }]);
    this.put(view, base);
  }

  /** The view has another address. */
  moved(from: string, to: string): void {
    const reads = this.reads.get(from);
    if (reads) this.reads.set(to, reads);
    this.reads.delete(from);
    this.conflicts.delete(from);
    const { [from]: base, ...others } = this.memory.load();
    if (base) this.memory.store({ ...others, [to]: base });
  }

  private settle(view: string, read: Text): void {
    this.conflicts.delete(view);
    // What was read before is no base any more: undo may bring it back, and then it is a change as any other.
    const reads = this.reads.get(view) ?? [];
    this.reads.set(view, [...reads.slice(0, Math.max(0, reads.indexOf(read))), read]);
    this.put(view, { version: read.version, marked: hasMark(read.text), conflict: false });
  }

  private put(view: string, base: Base): void {
    const { [view]: before, ...others } = this.memory.load();
    if (before?.version === base.version && before.conflict === base.conflict) return;
    this.memory.store(Object.fromEntries([...Object.entries(others), [view, base] as const].slice(-MOST_BASES)));
  }
}
