// Company files panel: the company files of a sandbox, or one of them.
import { useState } from 'preact/hooks';
import type { Row, RowsPage } from '../../control/schemas.ts';
import { Pagination } from '../components/pagination.tsx';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import { type Computer, computerText, deskPreferences } from '../model/desk.ts';
import { routeHash } from '../model/route.ts';
import { callControl } from '../state/control-plane.ts';
import { route, sandboxName } from '../state/route.ts';
import { rowsVersion } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { CompanyFile, readCompany } from './company-file.tsx';

/** Company files per page. */
const PAGE = 20;

/** The company file in the route, or all of them. */
export function CompanyFiles() {
  const [endUserId, ...place] = route.value.rest;
  if (endUserId === undefined) return <FileList />;
  return <CompanyFile key={endUserId} endUserId={endUserId} place={place} />;
}

function FileList() {
  const [offset, setOffset] = useState(0);
  const { value, failure } = useRequest(
    async (signal) => {
      const query = { sandbox: sandboxName.value, limit: PAGE, offset };
      const path = '/resources/conductor/companyFiles';
      const { rows, meta } = await callControl<RowsPage>('GET', path, { query, signal });
      const files = await Promise.all(rows.map((row) => readCompany(String(row.endUserId), signal)));
      return { files, total: meta.total };
    },
    [sandboxName.value, rowsVersion.value, offset],
  );
  return (
    <>
      <header class="panel-head">
        <h1>Company files</h1>
      </header>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {value === undefined && failure === undefined && <Loading />}
      {value?.total === 0 && (
        <Empty>
          There are no company files in {sandboxName.value}. The first QuickBooks request of an end-user creates one.
        </Empty>
      )}
      {value !== undefined && value.total > 0 && (
        <>
          <FileTable files={value.files} />
          <Pagination what="company files" offset={offset} size={PAGE} total={value.total} onPage={setOffset} />
        </>
      )}
    </>
  );
}

function FileTable({ files }: { files: readonly { readonly file: Row; readonly name: string }[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
    <section class="table-box plain" aria-label="Company files, table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Company</th>
            <th scope="col">Computer</th>
            <th scope="col">Closed until</th>
            <th scope="col">End-user</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ file, name }) => {
            const endUserId = String(file.endUserId);
            const { computer } = file.desk as { computer: Computer };
            return (
              <tr key={endUserId}>
                <th scope="row">
                  <a href={routeHash('books', endUserId)}>{name}</a>
                </th>
                <td>{computerText(computer)}</td>
                <td>{deskPreferences(file.preferences as Row).closingDate || '–'}</td>
                <td class="id">{endUserId}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
