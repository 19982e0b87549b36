// Runs a deletion of very many rows in slices, on a copy of the database that then replaces it.
import { Cascade } from '../deletions/cascade.ts';
import type { DeletionOptions } from '../deletions/ledger.ts';
import { copyAsDryRun, recordSteps } from '../deletions/ledger-steps.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../storage/database.ts';
import { letOthersRun, Slices } from '../storage/slices.ts';

/**
 * Runs the handler of a deletion on a copy, and then its cascade in slices, while other sandboxes are served. Response,
 * receipt, state and webhooks are those of the deletion in one statement; requests to the sandbox's providers wait. A
 * dry run deletes from a second copy, and stores only its receipt. When the sandbox was written to meanwhile, or the
 * deletion fails in slices, it runs in one statement, with the response or the error of that.
 *
 * @param run runs the handler
 * @returns the handler's value
 * @throws what the handler throws; Problem when the sandbox was deleted meanwhile
 */
export async function deleteInSlices(
  { sandbox, requestId }: { readonly sandbox: Sandbox; readonly requestId: string },
  dryRun: boolean,
  run: (options: DeletionOptions) => unknown,
): Promise<unknown> {
  let done: Sent;
  try {
    done = await sandbox.rewrite(async (copy) => {
      if (!dryRun) return await deleteFrom(copy, sandbox, requestId, run);
      // A copy of a large database takes some time, and so did the first one.
      await letOthersRun(copy.size);
      const rehearsal = await sandbox.copy();
      try {
        const result = await deleteFrom(rehearsal, sandbox, requestId, run);
        await inSlices(copy, copyAsDryRun(rehearsal, copy, requestId));
        return result;
      } finally {
        rehearsal.close();
      }
    });
  } catch {
    // Nothing has changed; in one statement the deletion succeeds, or fails with the error that the client must get.
    return run({ dryRun });
  }
  done.send();
  return done.value;
}

/** A handler's value, and what sends its webhooks. */
interface Sent {
  readonly value: unknown;
  readonly send: () => void;
}

/** Deletes from a copy; returns the handler's value, and sends its webhooks when `send` is called. */
async function deleteFrom(
  copy: Database,
  sandbox: Sandbox,
  requestId: string,
  run: (options: DeletionOptions) => unknown,
): Promise<Sent> {
  const cascade = Cascade.begin(copy);
  const result = sandbox.onCopy(copy, () => sandbox.webhooks.collect(() => run({})));
  await inSlices(copy, recordSteps(copy, requestId, cascade.steps()));
  cascade.end();
  return result;
}

async function inSlices(db: Database, steps: Iterable<void>): Promise<void> {
  const slices = new Slices(1);
  db.execute('begin');
  for (const _ of steps) if (slices.over()) await slices.next();
  db.execute('commit');
}
