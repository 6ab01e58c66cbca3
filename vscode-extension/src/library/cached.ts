/** An answer that is asked for once, until it is out of date. */
export class Cached<T> {
  private answer: Promise<T> | undefined;

  constructor(private readonly ask: () => Promise<T>) {}

  /** The answer; a failed one is not kept, so that the next who asks tries again. */
  get(): Promise<T> {
    if (this.answer) return this.answer;
    const answer = this.ask();
    this.answer = answer;
    answer.catch(() => {
      if (this.answer === answer) this.answer = undefined;
    });
    return answer;
  }

  /** What was answered is out of date, and so is what is being asked for now. */
  clear(): void {
    this.answer = undefined;
  }
}
