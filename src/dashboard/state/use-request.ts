// What a part of the page asked the server: the answer, asked again when what it depends on changes.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from './control-plane.ts';

/** An answer as far as it has come; an earlier one stays until the next is there, so that nothing jumps. */
export interface RequestState<T> {
  readonly value: T | undefined;
  readonly failure: string | undefined;
}

/** Asks now, and again whenever one of `reasons` changes; an answer that is overtaken is dropped. */
export function useRequest<T>(
  question: (signal: AbortSignal) => Promise<T>,
  reasons: readonly unknown[],
): RequestState<T> {
  const [answered, keep] = useState<RequestState<T>>({ value: undefined, failure: undefined });
  useEffect(() => {
    const overtaken = new AbortController();
    question(overtaken.signal).then(
      (value) => {
        if (!overtaken.signal.aborted) keep({ value, failure: undefined });
      },
      (error) => {
        if (!overtaken.signal.aborted) keep(({ value }) => ({ value, failure: errorText(error) }));
      },
    );
    return () => overtaken.abort();
  }, reasons as unknown[]);
  return answered;
}
