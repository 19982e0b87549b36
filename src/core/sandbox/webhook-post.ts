// Posts one webhook over a socket of its own, which is closed with the response or the timeout.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/**
 * Posts JSON and resolves to the response's status once the socket is closed; its body is not read and redirects are not followed. Rejects with
 * the signal's reason when it aborts. Not `fetch`: that keeps sockets after a response, and connects on after an abort.
 */
export function postWebhook(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = (url.toLowerCase().startsWith('https:') ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { accept: '*/*', 'user-agent': 'node', ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal,
    });
    let failure: unknown;
    let status: number | undefined;
    request.on('error', (error) => {
      failure = signal.aborted ? signal.reason : error;
    });
    request.on('response', ({ statusCode }) => {
      status = statusCode;
      request.destroy();
    });
    request.on('close', () => (status === undefined ? reject(failure) : resolve(status)));
    request.end(body);
  });
}
