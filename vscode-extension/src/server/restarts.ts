/** Serialized restarts: one runs, at most one waits, and whoever asks meanwhile shares the one that waits. */

export class Restarts {
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;

  constructor(private readonly work: () => Promise<void>) {}

  /** Settles with the first run that starts after this call, or now where none runs. */
  request(): Promise<void> {
    if (!this.#running) {
      return (this.#running = this.#run());
    }
    const next = (): Promise<void> => {
      this.#queued = undefined;
      return (this.#running = this.#run());
    };
    // A failure is told to whoever asked for that run; the next one is its own matter.
    return (this.#queued ??= this.#running.then(next, next));
  }

  async #run(): Promise<void> {
    try {
      await this.work();
    } finally {
      if (!this.#queued) {
        this.#running = undefined;
      }
    }
  }
}
