// The limit for QuickBooks requests: a bare node:http server that runs the statements of one request to Understudy.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Cell } from '../src/core/row.ts';
import { Database, openFile } from '../src/core/storage/database.ts';
import { startUnderstudy } from '../src/index.ts';

/** What this server stands in for: a sandbox folder of its own, and the request whose work it repeats. */
interface Task {
  readonly port: number;
  readonly data: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface Statement {
  readonly method: 'get' | 'all' | 'run' | 'insert';
  readonly sql: string;
  readonly values: readonly Cell[];
}

const METHODS = ['get', 'all', 'run', 'insert'] as const;
const task = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Task;

/** Sends the request to Understudy in this process; returns its statements and its response. */
async function record(): Promise<{ statements: Statement[]; response: Record<string, unknown> }> {
  const understudy = await startUnderstudy({ data: task.data });
  const url = `${understudy.url}${task.path}`;
  const init = { method: task.method, headers: task.headers, body: task.body };
  // The first request also prepares what is kept, such as validators.
  await (await fetch(url, init)).arrayBuffer();
  const statements: Statement[] = [];
  const original = METHODS.map((method) => [method, Database.prototype[method]] as const);
  let depth = 0;
  for (const [method, run] of original) {
    Object.assign(Database.prototype, {
      [method](this: Database, sql: string, ...values: Cell[]) {
        if (depth === 0) statements.push({ method, sql, values });
        depth++;
        try {
          return Reflect.apply(run as (...of: unknown[]) => unknown, this, [sql, ...values]);
        } finally {
          depth--;
        }
      },
    });
  }
  const response = (await (await fetch(url, init)).json()) as Record<string, unknown>;
  for (const [method, run] of original) Object.assign(Database.prototype, { [method]: run });
  await understudy.close();
  return { statements, response };
}

const { statements, response } = await record();
const id = String(response.id ?? '');
const writes = statements.some(({ method }) => method === 'insert');
const db = openFile(join(task.data, 'default.sqlite'));
let count = 0;

/** Runs the statements. A write stores another object: its id is new, all else is as it was recorded. */
function work(): object {
  const suffix = writes ? `-${count++}` : '';
  for (const { method, sql, values } of statements) {
    const own = writes
      ? values.map((one) => (typeof one === 'string' ? one.replaceAll(id, `${id}${suffix}`) : one))
      : values;
    db[method](sql, ...own);
  }
  return response;
}

createServer((request, reply) => {
  request.resume().once('end', () => {
    const text = JSON.stringify(work());
    reply.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    reply.end(text);
  });
}).listen(task.port, '127.0.0.1');
