// One company file: its head, its places, and the one of them that is open.
import type { RowWithRemoval } from '../../control/schemas.ts';
import { Copyable } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import { type Computer, computerText, deskPreferences } from '../model/desk.ts';
import { routeHash } from '../model/route.ts';
import { callControl } from '../state/control-plane.ts';
import { sandboxName } from '../state/route.ts';
import { rowsVersion, sandboxQuery } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { Accounts } from './accounts.tsx';
import { Desk } from './desk.tsx';
import { Parties } from './parties.tsx';
import { RecordPage } from './record-page.tsx';

/** The places of a company file beside its records. */
const PLACES = { customers: 'Customers', vendors: 'Vendors', accounts: 'Accounts', desk: 'At the desk' } as const;
type Place = keyof typeof PLACES;

/** A company file's own settings, and the name of the company. */
export async function readCompany(endUserId: string, signal: AbortSignal) {
  const read = async (resource: string) => {
    const path = `/resources/conductor/${resource}/${encodeURIComponent(endUserId)}`;
    return (await callControl<RowWithRemoval>('GET', path, { query: sandboxQuery(), signal })).row;
  };
  const [file, { companyName }] = await Promise.all([read('companyFiles'), read('endUsers')]);
  return { file, name: String(companyName) };
}

/** The company file of an end-user; `place` is the rest of the route. */
export function CompanyFile({ endUserId, place }: { endUserId: string; place: readonly string[] }) {
  const { value, failure } = useRequest(
    (signal) => readCompany(endUserId, signal),
    [sandboxName.value, rowsVersion.value, endUserId],
  );
  if (value === undefined) return failure === undefined ? <Loading /> : <Failure>{failure}</Failure>;
  const { file, name } = value;
  const { computer } = file.desk as { computer: Computer };
  const { closingDate } = deskPreferences(file.preferences as object as Record<string, unknown>);
  const [at, id = ''] = place;
  const open = Object.keys(PLACES).find((one) => one === at) as Place | undefined;
  const shown = at === 'record' ? undefined : (open ?? 'customers');
  return (
    <>
      <a class="up" href={routeHash('books')}>
        <Icon name="back" /> Company files
      </a>
      <header class="panel-head">
        <h1>
          {name} <small>company file</small>
        </h1>
        {computer.state !== 'online' && <span class="tag warn">computer {computerText(computer)}</span>}
        {closingDate !== '' && <span class="tag">closed until {closingDate}</span>}
      </header>
      <p class="access">
        <Copyable text={endUserId} what="id of the end-user" />
      </p>
      <nav class="tabs" aria-label={`Places of ${name}`}>
        {(Object.entries(PLACES) as [Place, string][]).map(([one, text]) => (
          <a key={one} href={routeHash('books', endUserId, one)} aria-current={one === shown ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </nav>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {(shown === 'customers' || shown === 'vendors') && <Parties key={shown} endUserId={endUserId} kind={shown} />}
      {shown === 'accounts' && <Accounts endUserId={endUserId} />}
      {shown === 'desk' && <Desk endUserId={endUserId} file={file} />}
      {shown === undefined && <RecordPage key={id} endUserId={endUserId} id={id} />}
    </>
  );
}
