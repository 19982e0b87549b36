// What receipts and erasure checks have to know of the records in company files: whom they are about, what deletes them.
import type { KeptRecords, Resource } from '../../../core/provider/resource.ts';
import type { Row } from '../../../core/row.ts';
import { camelCase, PREFIX, qbxmlType, type Verb } from './operations.ts';
import { NAMES } from './references.ts';
import { bodyCheck } from './row-body.ts';
import { OBJECTS, ROW } from './schema.ts';

/** The reference fields of a transaction to the persons and companies it is about. */
const ABOUT: KeptRecords['about'] = [
  { field: 'body.customer.id', resources: ['customers'] },
  { field: 'body.vendor.id', resources: ['vendors'] },
  ...['payee', 'entity', 'shipToEntity'].map((field) => ({
    field: `body.${field}.id`,
    resources: NAMES.map(camelCase),
  })),
];

/** What the core has to know of a kind of QuickBooks object; `verbs` are those of the API. */
export function quickBooksResource(
  path: string,
  { person, verbs }: { readonly person: boolean; readonly verbs: readonly Verb[] },
): Resource {
  const deletable = verbs.includes('delete');
  return {
    name: camelCase(path),
    key: 'id',
    row: ROW,
    within: OBJECTS,
    check: bodyCheck(path),
    removal: deletable ? `${PREFIX}/${path}/{id}` : '/end-users/{endUserId}',
    ...(person ? { identity: ['id', 'body.email'], names: [['body.name'], ['body.firstName', 'body.lastName']] } : {}),
    kept: {
      about: ABOUT,
      hidden: ['body.postings', 'body.links'],
      header: { name: 'Conductor-End-User-Id', column: 'endUserId' },
      instead: (row) => alternatives(path, verbs, row),
      outOfReach:
        "The company file on the customer's own computer stays as it is when an end-user is deleted: only its owner can delete what is in it.",
    },
  };
}

/** The API deletes no list objects: passthrough does where nothing uses them, else they can be overwritten and retired. */
function alternatives(path: string, verbs: readonly Verb[], { id, endUserId }: Row): string[] {
  const found: string[] = [];
  if (!verbs.includes('delete') && verbs.includes('create')) {
    const request = JSON.stringify({ ListDelRq: { ListDelType: qbxmlType(path), ListID: id } });
    const through = `/conductor/v1/end-users/${endUserId}/passthrough/quickbooks_desktop`;
    found.push(`POST ${through} ${request} deletes it once nothing in the company file uses it`);
  }
  if (verbs.includes('update')) {
    const retire = verbs.includes('delete') ? '' : ', and retire it with isActive false';
    found.push(`POST /conductor/v1${PREFIX}/${path}/${id} can overwrite its fields${retire}`);
  }
  return found;
}
