// The stream of what happens in the sandbox; it comes back by itself, and is let go while nobody looks.

import { cell } from './cell.ts';
import { controlUrl } from './control-plane.ts';

/** `live`, or trying to be. */
export const connection = cell<'live' | 'waiting'>('waiting');

/** What the stream's events are for. */
export interface Listener {
  /** Requests came; `writing` when one of them may have rowsVersion rows. */
  requests(writing: boolean): void;
  faults(): void;
  /** The stream is there again: whatever happened meanwhile was not told. */
  caughtUp(): Promise<void>;
}

/** How long news are gathered before they are told, in ms. */
const GATHERED = 80;
/** How long to wait before a stream that was refused is asked for again, in ms. */
const AGAIN = 2000;

/** Listens to a sandbox's stream; the answer ends that. */
export function subscribe(sandbox: string, listener: Listener): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  const tell = gathering(listener);

  const close = () => {
    clearTimeout(again);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    // A stream that nobody looks at would hold one of the few connections a browser has.
    if (document.hidden) return;
    const opened = new EventSource(controlUrl('/events', { sandbox }));
    source = opened;
    opened.onopen = () => {
      connection.value = 'live';
      if (!first) void listener.caughtUp();
      first = false;
    };
    opened.onerror = () => {
      connection.value = 'waiting';
      // The browser tries again by itself, unless the answer was no stream.
      if (opened.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN);
    };
    opened.addEventListener('request', ({ data }) => tell.request(data));
    opened.addEventListener('fault', tell.fault);
  };
  document.addEventListener('visibilitychange', open);
  open();
  return () => {
    document.removeEventListener('visibilitychange', open);
    tell.stop();
    close();
  };
}

/** Tells a burst of events as one. */
function gathering(listener: Listener): { request(data: string): void; fault(): void; stop(): void } {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let writing = false;
  let requests = false;
  let faults = false;
  const flush = () => {
    waiting = undefined;
    if (requests) listener.requests(writing);
    if (faults) listener.faults();
    writing = requests = faults = false;
  };
  const soon = () => {
    waiting ??= setTimeout(flush, GATHERED);
  };
  return {
    request(data) {
      const { method } = JSON.parse(data) as { method: string };
      requests = true;
      writing ||= method !== 'GET';
      soon();
    },
    fault() {
      faults = true;
      soon();
    },
    stop: () => clearTimeout(waiting),
  };
}
