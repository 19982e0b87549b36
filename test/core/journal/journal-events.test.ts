// Listeners are notified of recorded requests.
import t from 'tap';
import { recordExchange } from '../../../src/core/http/record-exchange.ts';
import { Events, type SandboxEvent } from '../../../src/core/journal/events.ts';
import { Journal } from '../../../src/core/journal/journal.ts';
import { pagecall } from '../../../src/providers/pagecall/index.ts';

t.test('listeners get each request until they unsubscribe', async (t) => {
  const events = new Events();
  t.notOk(events.listening);
  const seen: SandboxEvent[] = [];
  const leave = events.on((event) => seen.push(event));
  const journal = new Journal(10);
  const sandbox = { name: 's', clock: { now: () => 0 }, journal, hold: () => () => {} };
  const reply = { statusCode: 503, getHeaders: () => ({ 'x-understudy-fault': 'code=503' }) };
  const request = { method: 'GET', url: '/x?key=secret', params: {}, headers: {}, turn: { onEnd: () => {} } };
  const outcome = { notes: null, dryRun: false, deletes: false, done: false, pending: null };
  const visit = { sandbox, requestId: 'r', matched: true, at: 0, started: performance.now(), ...outcome };
  const one = (provider: typeof pagecall | null) =>
    recordExchange(
      { ...visit, provider, operation: provider?.operations[0] ?? null, body: undefined },
      events,
      request as never,
      reply as never,
      null,
    );
  one(pagecall);
  one(null);
  t.match(seen, [
    {
      type: 'request',
      sandbox: 's',
      at: '1970-01-01T00:00:00.000Z',
      data: {
        id: 'r',
        provider: 'pagecall',
        operation: pagecall.operations[0]?.operation,
        method: 'GET',
        url: '/x?key=[redacted]',
        status: 503,
        durationMs: Number,
        fault: 'code=503',
      },
    },
    { type: 'fault', data: { requestId: 'r', fault: 'code=503' } },
    { type: 'request', data: { provider: null } },
    { type: 'fault', data: { provider: null } },
  ]);
  leave();
  one(pagecall);
  t.equal(seen.length, 4);
  t.notOk(events.listening);
});
