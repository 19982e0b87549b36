// The page: header, sidebar, and the panel that the address names.
import type { ComponentChildren } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { Announcements } from '../components/live-region.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { DEFAULT_SANDBOX, type Panel } from '../model/route.ts';
import { Erasure } from '../panels/erasure.tsx';
import { Faults } from '../panels/faults.tsx';
import { Journal } from '../panels/journal.tsx';
import { Overview } from '../panels/overview.tsx';
import { Rows } from '../panels/rows.tsx';
import { Snapshots } from '../panels/snapshots.tsx';
import { onChange } from '../state/cell.ts';
import { callControl } from '../state/control-plane.ts';
import { subscribe } from '../state/event-stream.ts';
import { faults, loadFaults } from '../state/faults.ts';
import * as journal from '../state/journal.ts';
import { enter, route, sandbox } from '../state/route.ts';
import { known, loadError, loadSandbox, reportError, rowsMayHaveChanged, sandboxInfo } from '../state/sandbox.ts';
import { DeletionDrawer } from './deletion-drawer.tsx';
import { Header } from './header.tsx';
import { Sidebar } from './sidebar.tsx';

const SHOWN: Readonly<Record<Panel, () => ComponentChildren>> = {
  overview: Overview,
  rows: Rows,
  journal: Journal,
  faults: Faults,
  erasure: Erasure,
  snapshots: Snapshots,
};

/** Everything on the page. */
export function App() {
  const [, draw] = useReducer((before: number) => before + 1, 0);
  useEffect(() => onChange(() => draw(undefined)), []);
  useSandbox(sandbox.value);
  const { panel, rest } = route.value;
  const Panel = SHOWN[panel];
  // Another panel, or another table, begins at its top.
  useEffect(() => {
    scrollTo(0, 0);
    // On a small screen the panels' names stand in one line, longer than the screen.
    document.querySelector('.panels [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [panel, panel === 'rows' ? `${rest}` : '']);
  useEffect(() => {
    document.title = `${sandbox.value} · Understudy`;
  }, [sandbox.value]);
  return (
    <>
      {/* No link: the hash of the address says where one is on the page. */}
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <Header />
      <Sidebar />
      <main id="content" tabIndex={-1}>
        {loadError.value !== null && <LoadError {...trouble.value} />}
        {loadError.value === null && !isLoaded() && <Loading />}
        {isLoaded() && <Panel key={`${sandbox.value} ${panel}`} />}
      </main>
      <DeletionDrawer />
      <Announcements />
    </>
  );
}

/** Loads the sandbox and goes on listening to what happens in it. */
function useSandbox(name: string): void {
  useEffect(() => {
    sandboxInfo.value = null;
    journal.entries.value = null;
    faults.value = null;
    const load = async () => {
      await loadSandbox();
      if (loadError.value === null) await Promise.all([journal.load(), loadFaults()]).catch(reportError);
    };
    void load();
    const stop = subscribe(name, {
      requests(writing) {
        journal.catchUp().catch(reportError);
        if (writing) void rowsMayHaveChanged();
      },
      faults: () => void loadFaults().catch(reportError),
      async caughtUp() {
        await load();
        if (loadError.value === null) await rowsMayHaveChanged();
      },
    });
    return stop;
  }, [name]);
}

function LoadError({ sentence, missing }: { sentence: string; missing: boolean }) {
  const name = sandbox.value;
  return (
    <div class="trouble">
      <Failure>{sentence}</Failure>
      {missing && (
        <div class="actions">
          <button
            type="button"
            class="main"
            onClick={() =>
              callControl('POST', '/sandboxes', { query: { sandbox: name }, body: { name } }).then(
                loadSandbox,
                reportError,
              )
            }
          >
            Make the sandbox {name}
          </button>
          <button type="button" class="quiet" onClick={() => enter(DEFAULT_SANDBOX)}>
            Go to {DEFAULT_SANDBOX}
          </button>
        </div>
      )}
      {!missing && (
        <button type="button" class="main" onClick={() => loadSandbox()}>
          Try again
        </button>
      )}
    </div>
  );
}
