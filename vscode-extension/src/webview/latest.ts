/**
 * Does a task over and over, one at a time. What is asked while it runs is done once more after it, however often it
 * was asked: results come in order, and the last one is of the latest state.
 */
export class Latest {
  private running: Promise<void> | undefined;
  private askedAgain = false;

  /**
   * The task reads the state when it starts, and handles its own failures. The pause before it gathers keystrokes, and
   * lets the language client tell the server of a changed document first.
   */
  constructor(
    private readonly task: () => Promise<void>,
    private readonly pause = 15,
  ) {}

  ask(): void {
    this.askedAgain = true;
    this.running ??= this.run();
  }

  /** Resolves once nothing is left to do. */
  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.askedAgain) {
        await new Promise((resume) => setTimeout(resume, this.pause));
        this.askedAgain = false;
        await this.task();
      }
    } finally {
      this.running = undefined;
    }
  }
}
