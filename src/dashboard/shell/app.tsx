// The page: header, sidebar, and the panel of the current route.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { CompanyFiles } from '../books/company-files.tsx';
import { Announcements } from '../components/live-region.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { DEFAULT_SANDBOX, type Panel } from '../model/route.ts';
import { Erasure } from '../panels/erasure.tsx';
import { Faults } from '../panels/faults.tsx';
import { Journal } from '../panels/journal.tsx';
import { Overview } from '../panels/overview.tsx';
import { Rows } from '../panels/rows.tsx';
import { Snapshots } from '../panels/snapshots.tsx';
import { barriers, loadBarriers } from '../state/barriers.ts';
import { callControl } from '../state/control-plane.ts';
import { subscribe } from '../state/event-stream.ts';
import { faults, loadFaults } from '../state/faults.ts';
import * as journal from '../state/journal.ts';
import { route, sandboxName, switchSandbox } from '../state/route.ts';
import { isLoaded, loadError, loadSandbox, reportError, rowsMayHaveChanged, sandboxInfo } from '../state/sandbox.ts';
import { DeletionDrawer } from './deletion-drawer.tsx';
import { Header } from './header.tsx';
import { Sidebar } from './sidebar.tsx';

const PANELS: Readonly<Record<Panel, () => ComponentChildren>> = {
  overview: Overview,
  rows: Rows,
  books: CompanyFiles,
  journal: Journal,
  faults: Faults,
  erasure: Erasure,
  snapshots: Snapshots,
};

/** The whole page. */
export function App() {
  useSandbox(sandboxName.value);
  const { panel, rest } = route.value;
  const Panel = PANELS[panel];
  // Another panel or table starts at the top.
  useEffect(() => {
    scrollTo(0, 0);
    // On a small screen the panel links scroll horizontally.
    document.querySelector('.panels [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [panel, panel === 'rows' || panel === 'books' ? `${rest}` : '']);
  useEffect(() => {
    document.title = `${sandboxName.value} · Understudy`;
  }, [sandboxName.value]);
  return (
    <>
      {/* A button, not a link: the URL's hash is the route. */}
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        Skip to content
      </button>
      <Header />
      <Sidebar />
      <main id="content" tabIndex={-1}>
        {loadError.value !== null && <LoadFailure {...loadError.value} />}
        {loadError.value === null && !isLoaded() && <Loading />}
        {isLoaded() && <Panel key={`${sandboxName.value} ${panel}`} />}
      </main>
      <DeletionDrawer />
      <Announcements />
    </>
  );
}

/** Loads a sandbox and subscribes to its events. */
function useSandbox(name: string): void {
  useEffect(() => {
    sandboxInfo.value = null;
    journal.entries.value = null;
    faults.value = null;
    barriers.value = [];
    const load = async () => {
      await loadSandbox();
      if (loadError.value === null)
        await Promise.all([journal.load(), loadFaults(), loadBarriers()]).catch(reportError);
    };
    void load();
    return subscribe(name, {
      requests(writing) {
        journal.loadNewer().catch(reportError);
        if (writing) void rowsMayHaveChanged();
      },
      faults: () => void loadFaults().catch(reportError),
      barriers: () => void loadBarriers().catch(reportError),
      async reconnected() {
        await load();
        if (loadError.value === null) await rowsMayHaveChanged();
      },
    });
  }, [name]);
}

function LoadFailure({ message, missing }: { message: string; missing: boolean }) {
  const name = sandboxName.value;
  return (
    <div class="trouble">
      <Failure>{message}</Failure>
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
            Create sandbox {name}
          </button>
          <button type="button" class="quiet" onClick={() => switchSandbox(DEFAULT_SANDBOX)}>
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
