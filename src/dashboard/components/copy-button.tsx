// A button that copies text to the clipboard and shows that it did.
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { announce } from './live-region.tsx';

/** Copies `text`; `what` describes it in the accessible name. */
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
    // The Clipboard API needs a secure context; over plain HTTP from another host only execCommand works.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    // While a modal dialog is open, only elements inside it can be selected.
    beside.after(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    beside.focus();
  }
}

/** Text in a monospaced font with its copy button. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span class="copyable">
      <code>{text}</code>
      <Copy text={text} what={what} />
    </span>
  );
}
