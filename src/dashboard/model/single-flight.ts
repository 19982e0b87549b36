// Single flight: runs an update once for all callers that ask for it at the same time.

/**
 * Wraps an update: it never runs concurrently with itself, and a call during a run causes one more run afterwards. The
 * promise settles when no run is left.
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
