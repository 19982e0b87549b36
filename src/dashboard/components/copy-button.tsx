// A button that copies a text, and says that it did.
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { announce } from './live-region.tsx';

/** Copies `text`; `what` is its name, for those who cannot see it. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      class="copy"
      data-done={copied}
      aria-label={`Copy ${what}`}
      title={`Copy ${what}`}
      onClick={async (event) => {
        await toClipboard(text, event.currentTarget);
        setCopied(true);
        announce(`Copied ${what}`);
      }}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}

async function toClipboard(text: string, beside: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers keep their clipboard from pages that came over plain HTTP from elsewhere; those copy the old way.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    // Inside of a dialog only what is in it can be selected.
    beside.after(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    beside.focus();
  }
}

/** A text in the machine's letters with its copy button. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span class="copyable">
      <code>{text}</code>
      <Copy text={text} what={what} />
    </span>
  );
}
