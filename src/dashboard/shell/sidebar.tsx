// Sidebar: links to the panels and resources, with row counts and what a dry run would delete.

import { number } from '../model/format.ts';
import { type ProviderTree, resourceOf, rowsIn, type TreeNode } from '../model/resource-tree.ts';
import { type Panel, routeHash } from '../model/route.ts';
import { deletedCounts } from '../state/deletion.ts';
import { faults } from '../state/faults.ts';
import { total } from '../state/journal.ts';
import { route, sandboxName } from '../state/route.ts';
import { hueOf, resources, trees } from '../state/sandbox.ts';

const NAMES: Readonly<Record<Panel, string>> = {
  overview: 'Overview',
  rows: 'Rows',
  books: 'Company files',
  journal: 'Journal',
  faults: 'Faults',
  erasure: 'Erasure check',
  snapshots: 'Snapshots',
};

/** The panels, then the resources. */
export function Sidebar() {
  const { panel } = route.value;
  const figures: Partial<Record<Panel, number>> = {
    journal: total.value,
    faults: faults.value?.filter(({ spent }) => !spent).length ?? 0,
  };
  return (
    <div class="sidebar">
      <nav aria-label="Panels">
        <ul class="panels">
          {(Object.entries(NAMES) as [Panel, string][]).map(([name, text]) => (
            <li key={name}>
              <a href={routeHash(name)} aria-current={name === panel ? 'page' : undefined}>
                {text} {(figures[name] ?? 0) > 0 && <b class="figures">{number(figures[name] as number)}</b>}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <nav class="resources" aria-label={`Resources of ${sandboxName.value}`}>
        {trees.value.map((tree) => (
          <ProviderResources key={tree.provider} tree={tree} />
        ))}
      </nav>
    </div>
  );
}

function ProviderResources({ tree: { provider, title, nodes, books } }: { tree: ProviderTree }) {
  const { panel, rest } = route.value;
  const inside = panel === 'rows' && books.some(({ name }) => name === rest[1]);
  return (
    <section>
      <h2 data-hue={hueOf(provider)}>{title}</h2>
      <ul>
        {nodes.map((branch) => (
          <ResourceLink key={branch.resource.name} branch={branch} />
        ))}
      </ul>
      {books.length > 0 && (
        <details open={inside}>
          <summary>
            <span>in company files</span> <b class="figures">{number(rowsIn(books))}</b>
          </summary>
          <ul>
            {books.map((resource) => (
              <ResourceLink key={resource.name} branch={{ resource, depth: 1 }} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function ResourceLink({ branch: { resource, depth } }: { branch: TreeNode }) {
  const { provider, name, rows } = resource;
  const { panel, rest } = route.value;
  const [chosenProvider, chosenName] = rest;
  const shown = resourceOf(resources.value, chosenProvider, chosenName) ?? resources.value[0];
  const loss = deletedCounts.value.get(`${provider}/${name}`) ?? 0;
  return (
    <li data-depth={depth}>
      <a
        href={routeHash('rows', provider, name)}
        aria-current={panel === 'rows' && shown === resource ? 'page' : undefined}
      >
        <span>{name}</span>
        {loss > 0 && <em class="figures">−{number(loss)}</em>}
        <b class="figures">{number(rows)}</b>
      </a>
    </li>
  );
}
