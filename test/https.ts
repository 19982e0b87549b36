// A server with HTTP and HTTPS, and a client that trusts its CA.
import { request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Test } from 'tap';
import { openTls } from '../src/core/tls/tls-port.ts';
import { httpOptions, type ServerOptions } from '../src/server.ts';
import { listening, type RequestOptions, type TestResponse, type TestServer } from './harness.ts';

/** The certificate that the server presented. */
export type SecureResponse = ReturnType<TLSSocket['getPeerCertificate']>;

export interface SecureTestServer extends TestServer {
  /** The HTTP base URL. */
  url: string;
  /** The HTTPS port. */
  secure: string;
  port: number;
  server: Server;
  /** The CA certificate, PEM. */
  ca: string;
  /** Sends a request over HTTPS under this host name; for an IP address without SNI. */
  ask(
    host: string,
    method: string,
    path: string,
    ask?: RequestOptions,
  ): Promise<TestResponse & { certificate: SecureResponse }>;
}

/** Starts a server on free ports for HTTP and HTTPS, and closes it after the test. */
export async function secured(
  t: Test,
  options: Partial<ServerOptions> = {},
  host = '127.0.0.1',
): Promise<SecureTestServer> {
  const running = await listening(t, options);
  const server = await openTls(running.app, { port: 0, host, http: httpOptions(), data: options.data ?? null });
  const { port } = server.address() as AddressInfo;
  const ca = running.app.ca.pem as string;
  const ask: SecureTestServer['ask'] = (name, method, path, { headers, json } = {}) =>
    new Promise((resolve, reject) => {
      const asked = request(
        {
          // Every name resolves to this server, as with a network alias.
          lookup: (_name, { all }, done) =>
            all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
          host: name,
          port,
          method,
          path,
          ca,
          agent: false,
          headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        },
        async (answer) => {
          const certificate = (answer.socket as TLSSocket).getPeerCertificate();
          let text = '';
          for await (const part of answer) text += part;
          const body = /json/.test(String(answer.headers['content-type'])) && text !== '' ? JSON.parse(text) : text;
          resolve({ status: answer.statusCode as number, headers: answer.headers, body, certificate });
        },
      );
      asked.on('error', reject).end(json === undefined ? undefined : JSON.stringify(json));
    });
  return { ...running, secure: `https://127.0.0.1:${port}`, port, server, ca, ask };
}
