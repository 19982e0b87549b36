// Random sequences of orders, receipts, bills, credits, payments, deletes and voids: the books are in order after each.
import t from 'tap';
import { type Json, openBooks } from '../providers/conductor/quickbooks/books.ts';
import { fromEnvironment, seedFrom } from '../seeds.ts';

const sequences = fromEnvironment('PAYABLES_SEQUENCES', 10_000);
const seed = seedFrom('PAYABLES_SEED');

/** Numbers from 0 to below 1, the same for a seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const LISTS = ['accounts', 'vendors', 'inventory-items', 'service-items'];
const KINDS = ['purchase-orders', 'item-receipts', 'bills', 'vendor-credits', 'bill-check-payments', 'checks'];
/** What QuickBooks may refuse in a sequence: what is closed, gone, in use, or too much. */
const REFUSALS = ['570', '3120', '3160', '3170', '3180', '3210'];

t.test(
  `the payable, vendors and stock agree in ${sequences} sequences (PAYABLES_SEED=${seed})`,
  { timeout: 3_500_000 },
  async (t) => {
    const books = await openBooks(t);
    const random = randomFrom(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const done = { stored: 0, refused: 0 };
    for (let n = 0; n < sequences; n++) {
      await books.server.call('POST', '/__admin/reset');
      const ids = await books.ids(...LISTS);
      const made = new Map<string, Json[]>(KINDS.map((kind) => [kind, []]));
      const known = (kind: string) => pick(made.get(kind) as Json[]) as Json | undefined;
      const common = { vendorId: ids['Paper Mill Co'], transactionDate: '2025-02-20' };
      const line = () => ({
        itemId: ids.Widget,
        quantity: 1 + Math.floor(random() * 9),
        cost: `${Math.floor(random() * 40)}.${Math.floor(random() * 90) + 10}`,
      });
      const bodies: Record<string, () => Json> = {
        'purchase-orders': () => ({
          ...common,
          lines: [line(), line()].map(({ cost: rate, ...rest }) => ({ ...rest, rate })),
        }),
        'item-receipts': () => documentOf(),
        bills: () => documentOf(),
        'vendor-credits': () => ({ ...common, itemLines: [line()] }),
        checks: () => ({ bankAccountId: ids.Checking, transactionDate: common.transactionDate, itemLines: [line()] }),
        'bill-check-payments': () => {
          const credit = known('vendor-credits');
          const applyCredits =
            credit === undefined || random() < 0.5
              ? {}
              : { applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '7.00' }] };
          return {
            ...common,
            bankAccountId: ids.Checking,
            applyToTransactions: [
              {
                transactionId: known('bills')?.id ?? 'FFF-1',
                paymentAmount: pick(['1.00', '20.00', '99.99']),
                discountAmount: pick(['0.00', '3.00']),
                ...applyCredits,
              },
            ],
          };
        },
      };
      function documentOf(): Json {
        const order = known('purchase-orders');
        if (order === undefined || random() < 0.3) return { ...common, itemLines: [line()] };
        if (random() < 0.4) return { ...common, linkToTransactionIds: [order.id] };
        const transactionLineId = pick(order.lines as Json[]).id;
        return {
          ...common,
          itemLines: [
            {
              linkToTransactionLine: { transactionId: order.id, transactionLineId },
              quantity: 1 + Math.floor(random() * 6),
            },
          ],
        };
      }
      const steps: string[] = [];
      for (let step = 0; step < 14; step++) {
        const kind = pick(KINDS);
        const object = known(kind);
        const how = object === undefined ? 'create' : pick(['create', 'create', 'create', 'change', 'delete', 'void']);
        const path = how === 'create' ? kind : how === 'void' ? `${kind}/${object?.id}/void` : `${kind}/${object?.id}`;
        const now = how === 'change' ? (await books.ask('GET', path)).body : {};
        const lines = (now.itemLines ?? []).map(({ id }: Json) => ({ id, quantity: 1 + Math.floor(random() * 6) }));
        const json =
          how === 'create'
            ? bodies[kind]?.()
            : how === 'change'
              ? {
                  revisionNumber: now.revisionNumber ?? '1',
                  ...(lines.length === 0 ? { memo: 'm' } : { itemLines: lines }),
                }
              : undefined;
        const { status, body } = await books.ask(how === 'delete' ? 'DELETE' : 'POST', path, json);
        steps.push(`${how} ${path}: ${status} ${body.error?.message ?? ''}`);
        if (status === 200) done.stored++;
        else {
          done.refused++;
          // Orders and payments by check have no void.
          if (status !== 404 && !REFUSALS.includes(body.error?.integrationCode)) t.fail(steps.join('\n'));
        }
        if (status === 200 && how === 'create') made.get(kind)?.push(body);
      }
      const faults = await books.faults();
      if (faults.length > 0) t.strictSame(faults, [], steps.join('\n'));
    }
    t.ok(done.stored > done.refused, `${done.stored} stored, ${done.refused} refused`);
  },
);
