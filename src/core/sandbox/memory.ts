// Limits in bytes on what the sandboxes of a server keep in memory besides their rows.
import { getHeapStatistics } from 'node:v8';
import { RetainedMemory } from '../journal/retained-memory.ts';
import { MemoryBudget } from '../storage/memory-budget.ts';

/** Limits over all sandboxes, in bytes. */
export interface MemoryLimits {
  /** Journal entries with their bodies. */
  readonly journal: number;
  /** Snapshots, where they are not files. */
  readonly snapshots: number;
  /** Recorded webhook deliveries, and as much again for those that wait to be sent. */
  readonly webhooks: number;
  /** Fault rules, retry tests and barriers. */
  readonly faults: number;
  /** What the readers of event streams have not read yet. */
  readonly events: number;
}

/** The default limits: shares of the heap limit (`--max-old-space-size`). Together they leave half of it free. */
export function memoryLimits(heap = getHeapStatistics().heap_size_limit): MemoryLimits {
  return { journal: heap / 8, snapshots: heap / 4, webhooks: heap / 32, faults: heap / 32, events: heap / 64 };
}

/** Limits given in MiB, in bytes; without those that are not given. */
export function inBytes(
  mebibytes: { readonly [Kind in keyof MemoryLimits]?: number | null | undefined },
): Partial<MemoryLimits> {
  const given = Object.entries(mebibytes).filter(([, size]) => size !== null && size !== undefined);
  return Object.fromEntries(given.map(([kind, size]) => [kind, Number(size) * 1024 * 1024]));
}

/** The memory of a server's sandboxes, by kind. */
export class Memory {
  readonly journal: RetainedMemory;
  readonly webhooks: RetainedMemory;
  readonly webhookQueue: MemoryBudget;
  readonly snapshots: MemoryBudget;
  readonly faults: MemoryBudget;
  /** In bytes. */
  readonly eventBacklog: number;

  constructor(limits: Partial<MemoryLimits> = {}) {
    const { journal, snapshots, webhooks, faults, events } = { ...memoryLimits(), ...limits };
    this.journal = new RetainedMemory(journal);
    this.webhooks = new RetainedMemory(webhooks);
    this.webhookQueue = new MemoryBudget(
      webhooks,
      'Webhooks that wait to be sent',
      'make their receivers respond, or reset the sandbox with scope webhooks',
    );
    this.snapshots = new MemoryBudget(
      snapshots,
      'Snapshots in memory',
      'delete some, raise --snapshot-memory, or keep them on disk with --data',
    );
    this.faults = new MemoryBudget(
      faults,
      'Fault rules, retry tests and barriers',
      'remove some with DELETE /__admin/faults or a reset with scope faults',
    );
    this.eventBacklog = events;
  }

  /** What is in use and the limit in bytes, by kind. */
  usage(): { kind: string; used: number; limit: number }[] {
    const { journal, webhooks, webhookQueue, snapshots, faults } = this;
    return Object.entries({ journal, webhooks, webhook_queue: webhookQueue, snapshots, faults }).map(
      ([kind, { used, limit }]) => ({ kind, used, limit }),
    );
  }
}
