// The tables of the company files: one for all objects, and three indexes that triggers derive from their bodies.
import { z } from 'zod';
import type { LinkTable } from '../../../core/provider/provider.ts';
import type { Resource } from '../../../core/provider/resource.ts';

/** The table of all objects, without the provider's prefix. */
export const OBJECTS = { table: 'quickbooksObjects', column: 'resource' };

/**
 * The body of an object is the truth, in the API's own words and sparse: without what reading fills in (null, [],
 * false), references as `{"id"}`. Members that no response shows: `links` to other transactions and `postings` to
 * accounts. References, links and postings are indexed by triggers, so rows written by fixtures, state and restores
 * are complete. A number of a row is never used again, so open listings keep nothing else. Links point at rows that are stored before them; the order of resources sees to that.
 */
export const QUICKBOOKS_SCHEMA = `
create table conductor_companyFiles (
  seq integer primary key,
  endUserId text not null unique references conductor_endUsers (id) on delete cascade,
  timeZone text not null,
  company text not null,
  preferences text not null,
  desk text not null default '{"computer":{"state":"online","phase":"before"},"locked":[]}'
) strict;

create table conductor_quickbooksObjects (
  seq integer primary key autoincrement,
  endUserId text not null references conductor_endUsers (id) on delete cascade,
  resource text not null,
  id text not null,
  createdAt text not null,
  updatedAt text not null,
  revisionNumber text not null,
  body text not null,
  label text generated always as (coalesce(body ->> 'fullName', body ->> 'name', body ->> 'initial')) virtual,
  refNumber text generated always as (body ->> 'refNumber') virtual,
  transactionDate text generated always as (body ->> 'transactionDate') virtual,
  number integer generated always as (case when refNumber not glob '*[^0-9]*' then cast(refNumber as integer) end) virtual,
  total integer generated always as
    (cast(round(coalesce(body ->> 'totalAmount', body ->> 'amountDue', body ->> 'creditAmount') * 100) as integer)) virtual,
  unique (id, resource)
) strict;
create index conductor_quickbooksObjects_label on conductor_quickbooksObjects (endUserId, resource, label collate nocase);
create index conductor_quickbooksObjects_created on conductor_quickbooksObjects (endUserId, createdAt, resource)
  where label is null;
create index conductor_quickbooksObjects_updated on conductor_quickbooksObjects (endUserId, resource, updatedAt);
create index conductor_quickbooksObjects_date on conductor_quickbooksObjects (endUserId, resource, transactionDate)
  where transactionDate is not null;
create index conductor_quickbooksObjects_ref on conductor_quickbooksObjects (endUserId, refNumber, resource)
  where refNumber is not null;
create index conductor_quickbooksObjects_number on conductor_quickbooksObjects (endUserId, resource, number)
  where number is not null;
create index conductor_quickbooksObjects_total on conductor_quickbooksObjects (endUserId, resource, total)
  where total is not null;

create table conductor_quickbooksReferences (
  seq integer primary key,
  object integer not null references conductor_quickbooksObjects (seq) on delete cascade,
  field text not null,
  inLine integer not null,
  target text not null
) strict;
create index conductor_quickbooksReferences_object on conductor_quickbooksReferences (object);
create index conductor_quickbooksReferences_target on conductor_quickbooksReferences (target, field, object, inLine);

create table conductor_quickbooksLinks (
  seq integer primary key,
  fromObject integer not null references conductor_quickbooksObjects (seq) on delete cascade,
  toObject integer not null references conductor_quickbooksObjects (seq) on delete cascade,
  linkType text not null,
  amount integer not null,
  discount integer not null,
  quantity real,
  received real,
  billed real,
  fromLine text,
  toLine text
) strict;
create index conductor_quickbooksLinks_from on conductor_quickbooksLinks (fromObject);
create index conductor_quickbooksLinks_to on conductor_quickbooksLinks (toObject);

create table conductor_quickbooksPostings (
  seq integer primary key,
  object integer not null references conductor_quickbooksObjects (seq) on delete cascade,
  account text not null,
  date text,
  amount integer not null,
  entity text,
  item text,
  quantity real,
  class text,
  line text
) strict;
create index conductor_quickbooksPostings_object on conductor_quickbooksPostings (object);
create index conductor_quickbooksPostings_account on conductor_quickbooksPostings (account, entity, amount);
create index conductor_quickbooksPostings_item on conductor_quickbooksPostings (item, quantity, amount)
  where item is not null;

create table conductor_quickbooksDeletions (
  seq integer primary key,
  endUserId text not null references conductor_endUsers (id) on delete cascade,
  resource text not null,
  id text not null,
  label text,
  createdAt text not null,
  deletedAt text not null
) strict;
create index conductor_quickbooksDeletions_file on conductor_quickbooksDeletions (endUserId, resource, deletedAt);

create table conductor_quickbooksCounters (name text primary key, last integer not null) strict;
insert into conductor_quickbooksCounters (name, last) values ('list', 2147483648), ('transaction', 256);

${triggers()}
`;

/** Reads references, links and postings from a body whenever it is written. */
function triggers(): string {
  const names = ['References', 'Links', 'Postings'];
  const columns = { References: 'object', Links: 'fromObject', Postings: 'object' } as Record<string, string>;
  const clear = names.map((name) => `delete from conductor_quickbooks${name} where "${columns[name]}" = new.seq;`);
  const fill = `
    insert into conductor_quickbooksReferences (object, field, inLine, target)
      select new.seq, substr(path, length(rtrim(path, replace(path, '.', ''))) + 1), instr(path, '[') > 0, atom
      from json_tree(new.body) where key = 'id' and path like '$.%' and path not like '%]' and path not like '$.links%';
    insert into conductor_quickbooksLinks (fromObject, toObject, linkType, amount, discount, quantity, received, billed, fromLine, toLine)
      select new.seq, other.seq, link.value ->> 'linkType', coalesce(link.value ->> 'amount', 0),
        coalesce(link.value ->> 'discount', 0),
        link.value ->> 'quantity', link.value ->> 'received', link.value ->> 'billed', link.value ->> 'line', link.value ->> 'toLine'
      from json_each(new.body, '$.links') as link
      join conductor_quickbooksObjects as other
        on other.id = link.value ->> 'id' and other.resource = link.value ->> 'resource';
    insert into conductor_quickbooksPostings (object, account, date, amount, entity, item, quantity, class, line)
      select new.seq, value ->> 'account', coalesce(value ->> 'date', new.transactionDate), coalesce(value ->> 'amount', 0), value ->> 'entity', value ->> 'item',
        value ->> 'quantity', value ->> 'class', value ->> 'line'
      from json_each(new.body, '$.postings');`;
  const index =
    'insert into conductor_quickbooksBodies (seq, body, transactionDate) values (new.seq, new.body, new.transactionDate);';
  return `
-- Both triggers insert here, so that every sandbox parses and keeps the statements once.
create view conductor_quickbooksBodies as select seq, body, transactionDate from conductor_quickbooksObjects;
create trigger conductor_quickbooksBodies_index instead of insert on conductor_quickbooksBodies begin ${fill} end;
create trigger conductor_quickbooksObjects_stored after insert on conductor_quickbooksObjects begin ${index} end;
create trigger conductor_quickbooksObjects_changed after update of body on conductor_quickbooksObjects begin
  ${clear.join(' ')} ${index} end;
-- State is replaced without foreign keys being enforced, so a cascade alone would not do.
create trigger conductor_quickbooksObjects_deleted after delete on conductor_quickbooksObjects begin
  ${names.map((name) => `delete from conductor_quickbooks${name} where "${columns[name]}" = old.seq;`).join(' ')}
  delete from conductor_quickbooksLinks where toObject = old.seq; end;
create trigger conductor_quickbooksDeletions_file after delete on conductor_endUsers begin
  delete from conductor_quickbooksDeletions where endUserId = old.id; end;`;
}

/** Links between transactions: what a payment pays, what an order became. */
export const QUICKBOOKS_LINKS: LinkTable = {
  table: 'quickbooksLinks',
  between: OBJECTS,
  ends: ['fromObject', 'toObject'],
  field: 'linkedTransactions',
};

const time = z.iso.datetime({ precision: 3, message: 'must be an ISO 8601 time in UTC with milliseconds' });
const open = z.record(z.string(), z.unknown());

/** An object as in fixtures and state. `body` is in the API's own words; what it leaves out is null, [] or false. */
export const ROW = z.strictObject({
  id: z.string().min(1).max(36),
  endUserId: z.string().startsWith('end_usr_', 'must start with end_usr_'),
  createdAt: time,
  updatedAt: time,
  revisionNumber: z.string().min(1).max(16),
  body: open,
});

/** The state of the computer that QuickBooks runs on. */
export const COMPUTER = z.strictObject({
  /** `offline`: requests fail at once; `timing-out`: they fail as if QuickBooks had not responded in time. */
  state: z.enum(['online', 'offline', 'timing-out']),
  /** Whether a request that times out had no effect (`before`), or took effect (`after-commit`). */
  phase: z.enum(['before', 'after-commit']).default('before'),
});

/** What is going on at the customer's desk: the computer, and the ids of the records that are open in a window. */
export const DESK = z.strictObject({
  computer: COMPUTER.default({ state: 'online', phase: 'before' }),
  locked: z.array(z.string()).default([]),
});
export type Desk = z.output<typeof DESK>;

/** A company file's own settings, as in fixtures and state. */
export const COMPANY_FILES: Resource = {
  name: 'companyFiles',
  key: 'endUserId',
  removal: '/end-users/{endUserId}',
  row: z.strictObject({
    endUserId: z.string().startsWith('end_usr_', 'must start with end_usr_'),
    timeZone: z.string().regex(/^[+-]\d\d:\d\d$/, 'must be an offset such as +01:00'),
    company: open,
    preferences: open,
    desk: DESK.default({ computer: { state: 'online', phase: 'before' }, locked: [] }),
  }),
};

/** `companyFile.json`: what the file of a newly connected end-user holds. */
export const COMPANY_FILE = z.strictObject({
  timeZone: COMPANY_FILES.row.shape.timeZone as z.ZodString,
  company: open,
  preferences: open,
  objects: z.record(z.string(), z.array(open)),
});
export type CompanyFileFixture = z.infer<typeof COMPANY_FILE>;
