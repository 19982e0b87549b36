// Live region: announces changes to screen readers.
import { signal } from '@preact/signals-core';

const announcement = signal('');

/** Announces a short sentence. */
export function announce(sentence: string): void {
  // Screen readers ignore a region whose text stays the same.
  announcement.value = announcement.value === sentence ? `${sentence} ` : sentence;
}

/** The live region; rendered once. */
export function Announcements() {
  return <output class="unseen">{announcement.value}</output>;
}
