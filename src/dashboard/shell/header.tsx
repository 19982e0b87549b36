// Header: the sandbox, its clock, the state of the event stream, and the link to the API reference.
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { clockState, shownTime } from '../model/clock.ts';
import { connection } from '../state/event-stream.ts';
import { sandboxName } from '../state/route.ts';
import { clock } from '../state/sandbox.ts';
import { ClockDialog } from './clock-dialog.tsx';
import { SandboxDialog } from './sandbox-dialog.tsx';

/** How often the time is rendered again, in ms. */
const TICK = 10_000;

/** The header with its two dialogs. */
export function Header() {
  const [open, setOpen] = useState<'sandboxes' | 'clock' | null>(null);
  const close = () => setOpen(null);
  return (
    <header class="top">
      <a class="brand" href="#overview" aria-label="Understudy, overview">
        <img src="/__admin/ui/look/icon.svg" alt="" width="22" height="22" /> <span>Understudy</span>
      </a>
      <button type="button" class="chooser" aria-haspopup="dialog" onClick={() => setOpen('sandboxes')}>
        <small>Sandbox</small> <b>{sandboxName.value}</b> <Icon name="down" />
      </button>
      <span class="room" />
      <Time onOpen={() => setOpen('clock')} />
      <output class="live" data-state={connection.value}>
        {connection.value === 'live' ? 'Live' : 'Connecting…'}
      </output>
      <a class="api" href="/__admin/docs">
        API
      </a>
      {open === 'sandboxes' && <SandboxDialog onClose={close} />}
      {open === 'clock' && <ClockDialog onClose={close} />}
    </header>
  );
}

function Time({ onOpen }: { onOpen(): void }) {
  const [, tick] = useState(0);
  useEffect(() => {
    // Never cleared: the header is rendered as long as the page is open.
    setInterval(() => tick((before) => before + 1), TICK);
  }, []);
  const shown = clock.value;
  if (shown === null) return null;
  const state = clockState(shown.time);
  return (
    <button type="button" class="clock" aria-haspopup="dialog" data-moved={state !== ''} onClick={onOpen}>
      <Icon name="clock" />
      <span class="unseen">Clock </span>
      <span class="figures">{shownTime(shown.time, performance.now() - shown.readAt).slice(11)}</span>
      {state !== '' && <small>{state}</small>}
    </button>
  );
}
