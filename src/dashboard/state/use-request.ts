// Hook that loads data for a component, and loads it again when its dependencies change.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from './control-plane.ts';

/** What has been loaded so far; the previous value stays until the next one is there, so that the layout is stable. */
export interface RequestState<T> {
  readonly value: T | undefined;
  readonly failure: string | undefined;
}

/** Calls `load` now and whenever a dependency changes; the request before is aborted and its result dropped. */
export function useRequest<T>(
  load: (signal: AbortSignal) => Promise<T>,
  dependencies: readonly unknown[],
): RequestState<T> {
  const [state, setState] = useState<RequestState<T>>({ value: undefined, failure: undefined });
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    load(signal).then(
      (value) => {
        if (!signal.aborted) setState({ value, failure: undefined });
      },
      (error) => {
        if (!signal.aborted) setState(({ value }) => ({ value, failure: errorText(error) }));
      },
    );
    return () => controller.abort();
  }, dependencies as unknown[]);
  return state;
}
