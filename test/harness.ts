// Starts servers for tests, and checks every provider response against the provider's contract.
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Test } from 'tap';
import { compileSerializer } from '../src/core/http/serializer.ts';
import type { Operation } from '../src/core/provider/provider.ts';
import { buildServer, type ServerOptions } from '../src/server.ts';
import { ContractBreach, checkAnswer, TABLES, type Table } from './contract/checker.ts';

/** The folder of the compiled code, which also contains openapi/ and fixtures/. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The folder of the sources. */
export const SOURCES = fileURLToPath(new URL('../..', import.meta.url));

/** A response; the body is parsed if it is JSON. */
export interface TestResponse {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  /** Of any shape. */
  body: any;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent unchanged, with the content type given in headers. */
  raw?: string | Buffer;
  /** Returns the response body as bytes. */
  binary?: boolean;
}

/** A server in this process; `call` sends a request to it. */
export interface TestServer {
  app: FastifyInstance;
  call(method: string, url: string, request?: RequestOptions): Promise<TestResponse>;
}

/** Starts a server for a test and closes it afterwards. */
export async function testServer(
  t: Test,
  options: Partial<ServerOptions> = {},
  tables: readonly Table[] = TABLES,
): Promise<TestServer> {
  const app = buildServer({ checkAnswers: true, ...options });
  checkResponses(t, app, tables);
  t.teardown(() => closeServer(app));
  await app.ready();
  return { app, call: (method, url, request = {}) => inject(app, method, url, request) };
}

/** Closes a server as the command does. A client's pool may have opened a connection that it will never use. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const graceTimer = setTimeout(() => app.cutConnections(), 250);
  await app.close();
  clearTimeout(graceTimer);
}

/** Starts a server on a free port, for clients that need a socket; returns its address. */
export async function listening(
  t: Test,
  options: Partial<ServerOptions> = {},
  tables: readonly Table[] = TABLES,
): Promise<TestServer & { url: string }> {
  const running = await testServer(t, options, tables);
  const url = await running.app.listen({ port: 0, host: '127.0.0.1' });
  return { ...running, url };
}

/**
 * Fails the test on a response that the contract does not allow, or that the compiled serializer writes differently.
 */
function checkResponses(t: Test, app: FastifyInstance, tables: readonly Table[]): void {
  app.addHook('onSend', async (request, reply, payload) => {
    try {
      checkAnswer(
        {
          method: request.method,
          url: request.url,
          status: reply.statusCode,
          headers: reply.getHeaders(),
          body: typeof payload === 'string' ? payload : '',
        },
        tables,
      );
    } catch (error) {
      if (!(error instanceof ContractBreach)) throw error;
      t.fail(error.message);
    }
    const { operation } = request;
    if (operation?.serialize === null && reply.statusCode === operation.success.status) {
      const text = (await compiled(operation))(JSON.parse(payload as string));
      if (text !== payload) t.fail(`${operation.operation} is written as ${payload}, and compiled as ${text}`);
    }
    return payload;
  });
}

const writers = new WeakMap<Operation, ReturnType<typeof compileSerializer>>();

function compiled(operation: Operation): ReturnType<typeof compileSerializer> {
  const writer = writers.get(operation) ?? compileSerializer(operation.response);
  writers.set(operation, writer);
  return writer;
}

/** Sends a request to a server in this process. */
export async function inject(
  app: FastifyInstance,
  method: string,
  url: string,
  request: RequestOptions,
): Promise<TestResponse> {
  const options: InjectOptions = { method: method as 'GET', url, headers: { host: 'localhost', ...request.headers } };
  if (request.json !== undefined) {
    options.payload = JSON.stringify(request.json);
    options.headers = { 'content-type': 'application/json', ...options.headers };
  } else if (request.raw !== undefined) options.payload = request.raw;
  const { statusCode, headers, body, rawPayload } = await app.inject(options);
  if (request.binary === true) return { status: statusCode, headers, body: rawPayload };
  const json = /json/.test(String(headers['content-type']));
  return { status: statusCode, headers, body: json && body !== '' ? JSON.parse(body) : body };
}
