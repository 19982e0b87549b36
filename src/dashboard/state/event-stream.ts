// Subscription to the sandbox's event stream (server-sent events); reconnects, and is closed while the page is hidden.
import { signal } from '@preact/signals-core';
import { controlUrl } from './control-plane.ts';

export const connection = signal<'live' | 'connecting'>('connecting');

/** Handlers for the stream's events. */
export interface EventHandlers {
  /** Requests came; `writing` when one of them may have changed rows. */
  requests(writing: boolean): void;
  faults(): void;
  barriers(): void;
  /** The stream is connected again; events in between are lost. */
  reconnected(): Promise<void>;
}

/** Events within this time, in ms, are handled together. */
const BATCH_WINDOW = 80;
/** How long to wait, in ms, after the server refused the stream. */
const RETRY_DELAY = 2000;

/** Subscribes to a sandbox's stream; returns the function that unsubscribes. */
export function subscribe(sandbox: string, handlers: EventHandlers): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  const batch = batched(handlers);

  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    // Browsers allow few connections per host: a hidden tab must not hold one.
    if (document.hidden) return;
    const opened = new EventSource(controlUrl('/events', { sandbox }));
    source = opened;
    opened.onopen = () => {
      connection.value = 'live';
      if (!first) void handlers.reconnected();
      first = false;
    };
    opened.onerror = () => {
      connection.value = 'connecting';
      // The browser reconnects by itself, unless the response was not an event stream.
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_DELAY);
    };
    opened.addEventListener('request', ({ data }) => batch.request(data));
    opened.addEventListener('fault', batch.fault);
    opened.addEventListener('barrier', batch.barrier);
  };
  document.addEventListener('visibilitychange', open);
  open();
  return () => {
    document.removeEventListener('visibilitychange', open);
    batch.cancel();
    close();
  };
}

/** Calls the handlers once for all events of a batch. */
function batched(handlers: EventHandlers): {
  request(data: string): void;
  fault(): void;
  barrier(): void;
  cancel(): void;
} {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing = false;
  let requests = false;
  let faults = false;
  let barriers = false;
  const flush = () => {
    timer = undefined;
    if (requests) handlers.requests(writing);
    if (faults) handlers.faults();
    if (barriers) handlers.barriers();
    writing = requests = faults = barriers = false;
  };
  const schedule = () => {
    timer ??= setTimeout(flush, BATCH_WINDOW);
  };
  return {
    request(data) {
      const { method } = JSON.parse(data) as { method: string };
      requests = true;
      writing ||= method !== 'GET';
      schedule();
    },
    fault() {
      faults = true;
      schedule();
    },
    barrier() {
      barriers = true;
      schedule();
    },
    cancel: () => clearTimeout(timer),
  };
}
