import { describe, expect, test } from 'vitest';
import { Restarts } from '../../src/server/restarts';

/** Work that ends when the test says so. */
function controlled() {
  const runs: { end: () => void; fail: (error: Error) => void }[] = [];
  let running = 0;
  let most = 0;
  const restarts = new Restarts(
    () =>
      new Promise<void>((resolve, reject) => {
        most = Math.max(most, ++running);
        const leave = (settle: () => void) => () => {
          running -= 1;
          settle();
        };
        runs.push({ end: leave(resolve), fail: (error) => leave(() => reject(error))() });
      }),
  );
  return { restarts, runs, most: () => most };
}

/** Lets everything that is settled go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('restarts', () => {
  test('one at a time, and one that waits for all who ask meanwhile', async () => {
    const { restarts, runs, most } = controlled();
    const asked = [restarts.request(), restarts.request(), restarts.request(), restarts.request()];
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await settled();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await Promise.all(asked);
    expect(runs).toHaveLength(2);
    expect(most()).toBe(1);
  });

  test('who asks while the queued one runs gets a later one', async () => {
    const { restarts, runs, most } = controlled();
    const first = restarts.request();
    const second = restarts.request();
    runs[0]?.end();
    await first;
    await settled();
    let late = false;
    const third = restarts.request().then(() => (late = true));
    runs[1]?.end();
    await second;
    await settled();
    expect(late).toBe(false);
    runs[2]?.end();
    await third;
    expect(most()).toBe(1);
  });

  test('a failure reaches those who asked for it, and the next one runs', async () => {
    const { restarts, runs } = controlled();
    const first = restarts.request();
    const second = restarts.request();
    runs[0]?.fail(new Error('no server'));
    await expect(first).rejects.toThrow('no server');
    await settled();
    runs[1]?.end();
    await second;
    const third = restarts.request();
    runs[2]?.end();
    await third;
  });
});
