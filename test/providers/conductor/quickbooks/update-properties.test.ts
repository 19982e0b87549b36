// What holds for every document: its own lines sent back change nothing, and ids are never given out again.
import { type Books, type Json, story } from './books.ts';
import { SALES_LISTS } from './larkspur.ts';

/** Documents with lines of every kind: priced, discounted, a subtotal, a text, an amount that no rate divides. */
async function documents(books: Books): Promise<Record<string, Json>> {
  const ids = await books.ids(...SALES_LISTS);
  const account = { accountId: ids['Sales Income'], salesTaxCodeId: ids.Tax };
  const off = await books.make('discount-items', { name: '10% off', discountRatePercent: '10', ...account });
  const flat = await books.make('discount-items', { name: '2 off', discountRate: '2.00', ...account });
  const subtotal = await books.make('subtotal-items', { name: 'Subtotal' });
  const set = await books.make('item-groups', {
    name: 'Set',
    shouldPrintItemsInGroup: false,
    lines: [{ itemId: ids.Widget, quantity: 2 }, { itemId: ids.Freight }],
  });
  const body = {
    customerId: ids['Harbor Cafe'],
    transactionDate: '2025-02-20',
    memo: 'As agreed',
    lines: [
      { itemId: ids.Widget, quantity: 3, amount: '100.00', description: 'Widgets, third grade' },
      { itemId: ids.Consulting },
      { description: 'A text' },
      { itemId: subtotal.id },
      { itemId: off.id },
      { itemId: ids.Freight, quantity: 2.5, rate: '1.23456' },
      { itemId: flat.id },
    ],
    lineGroups: [{ itemGroupId: set.id, quantity: 2 }],
  };
  const made: Record<string, Json> = {};
  for (const path of ['estimates', 'sales-orders', 'invoices', 'sales-receipts', 'credit-memos']) {
    made[path] = await books.make(path, body);
  }
  return made;
}

/** A line as an update sends it back: the fields that responses and requests share, references as ids. */
function sentBack(line: Json): Json {
  const own = ['id', 'description', 'quantity', 'rate', 'ratePercent', 'amount', 'markupRate', 'markupRatePercent'];
  const fields = Object.entries(line).filter(([key, value]) => own.includes(key) && value !== null);
  const references = ['item', 'class', 'salesTaxCode'].filter((name) => line[name]?.id);
  return Object.fromEntries([...fields, ...references.map((name) => [`${name}Id`, line[name].id])]);
}

/** What does not change: everything but the revision and its time. */
const kept = ({ revisionNumber: _, updatedAt: __, ...rest }: Json) => rest;

story(
  'an update that sends the lines back, by id or as a whole, changes nothing but the revision',
  async (t, books) => {
    const made = await documents(books);
    const { postings: _, ...more } = { postings: null };
    for (const [path, { id }] of Object.entries(made)) {
      const before = await books.get(`${path}/${id}`);
      const row = async () =>
        ((await books.state())[path.replace(/-./, ([, letter]) => String(letter).toUpperCase())] ?? []).find(
          (one) => one.id === id,
        )?.body;
      const stored = await row();
      const groups = before.lineGroups.map((group: Json) => ({
        id: group.id,
        lines: group.lines.map(({ id }: Json) => ({ id })),
      }));
      const shapes: Record<string, Json> = {
        'ids alone': { lines: before.lines.map(({ id }: Json) => ({ id })), lineGroups: groups },
        'all fields': {
          lines: before.lines.map(sentBack),
          lineGroups: before.lineGroups.map((group: Json) => ({
            id: group.id,
            quantity: group.quantity,
            lines: group.lines.map(sentBack),
          })),
        },
        'no lines': { memo: before.memo, ...more },
      };
      for (const [shape, json] of Object.entries(shapes)) {
        const { revisionNumber } = await books.get(`${path}/${id}`);
        const answer = await books.change(path, id, json);
        t.ok(Number(answer.revisionNumber) > Number(revisionNumber), `${path}, ${shape}: a new revision`);
        t.strictSame(kept(await books.get(`${path}/${id}`)), kept(before), `${path}, ${shape}: the document`);
        t.strictSame(await row(), stored, `${path}, ${shape}: what is stored, postings included`);
      }
    }
  },
);

story('an id that was deleted is never given out again', async (t, books) => {
  const ids = await books.ids(...SALES_LISTS);
  const seen = new Set<string>();
  for (let n = 0; n < 5; n++) {
    const invoice = await books.make('invoices', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Widget }],
    });
    for (const id of [invoice.id, invoice.lines[0].id]) {
      t.notOk(seen.has(id), `${id} is new`);
      seen.add(id);
    }
    await books.ok('DELETE', `invoices/${invoice.id}`);
  }
});
