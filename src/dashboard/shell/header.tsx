// The line at the top: which sandbox, what time it is there, whether news come, and the way to the API's pages.
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { clockState, shownTime } from '../model/clock.ts';
import { connection } from '../state/event-stream.ts';
import { sandbox } from '../state/route.ts';
import { clock } from '../state/sandbox.ts';
import { ClockDialog } from './clock-dialog.tsx';
import { SandboxDialog } from './sandbox-dialog.tsx';

/** How often the time is shown anew, in ms. */
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
        <small>Sandbox</small> <b>{sandbox.value}</b> <Icon name="down" />
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
    // It is there as long as the page is.
    setInterval(() => tick((before) => before + 1), TICK);
  }, []);
  const time = clock.value;
  if (time === null) return null;
  const state = clockState(time.shown);
  return (
    <button type="button" class="clock" aria-haspopup="dialog" data-moved={state !== ''} onClick={onOpen}>
      <Icon name="clock" />
      <span class="unseen">Clock </span>
      <span class="figures">{shownTime(time.shown, performance.now() - time.askedAt).slice(11)}</span>
      {state !== '' && <small>{state}</small>}
    </button>
  );
}
