// Work that many callControl for at once, done once for all of them.

/**
 * Wraps work that brings something up to date: it never runs twice at a time, and whoever asks while it runs
 * has it run once more afterwards. The promise settles when nothing is left to do.
 */
export function singleFlight(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let wanted = false;
  const run = async () => {
    try {
      while (wanted) {
        wanted = false;
        await work();
      }
    } finally {
      running = undefined;
    }
  };
  return () => {
    wanted = true;
    running ??= run();
    return running;
  };
}
