// Access control of the control plane: rejects cross-site requests, DNS rebinding and, beyond loopback, requests
// without the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../core/problem.ts';

/** Options of the guard. */
export interface GuardOptions {
  /** The token every request must carry; null when none is required. */
  readonly token: string | null;
  /** Host names accepted besides the local ones. */
  readonly allowHosts: readonly string[];
}

/**
 * Routes without host and token checks: health checks, and the CA certificate a client needs before it can use HTTPS.
 */
const UNGUARDED = new Set(['/__admin/health', '/__admin/ready', '/__admin/ca.pem']);
const PAGE = '/__admin/ui';
const COOKIE = 'understudy_admin';

/**
 * Creates the check that runs before every control request. The check throws a Problem, 403, when it rejects the
 * request.
 */
export function guard({ token, allowHosts }: GuardOptions): (request: FastifyRequest) => void {
  const allowed = new Set(allowHosts.map(normalizedHost));
  const secret = token === null ? null : digest(token);
  return (request) => {
    const { headers } = request;
    const open = UNGUARDED.has(request.routeOptions.url ?? '');
    if (!open) checkHost(headers.host, allowed);
    checkOrigin(request.protocol, headers);
    if (!open && secret !== null) checkToken(request, secret);
  };
}

/** Whether a host is `localhost` or a loopback address, written as in a URL or as a listening address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:127(\.\d{1,3}){3}\]?)$/i.test(host);
}

/** Signs in a browser that followed `GET /__admin/ui?token=…`: sets an HttpOnly cookie and redirects to the page. */
export function setTokenCookie(reply: FastifyReply, token: string, page: string): FastifyReply {
  const cookie = `${COOKIE}=${digest(token).toString('hex')}; Path=/__admin; HttpOnly; SameSite=Strict`;
  return reply.header('set-cookie', cookie).redirect(page, 303);
}

function checkHost(host: string | undefined, allowed: ReadonlySet<string>): void {
  const [, name = ''] = /^([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.exec(host ?? '') ?? [];
  if (isLoopback(name) || /^[a-z0-9_-]+$/i.test(name) || allowed.has(normalizedHost(name))) return;
  throw forbidden(
    host === undefined
      ? 'The request has no Host header.'
      : `The Host ${JSON.stringify(host)} is not allowed; to allow it, start with --allow-host ${name || '<name>'}.`,
  );
}

function checkOrigin(protocol: string, headers: IncomingHttpHeaders): void {
  const { origin } = headers;
  if (origin !== undefined && origin !== originOf(`${protocol}://${headers.host ?? ''}`)) {
    throw forbidden(
      `Pages of ${JSON.stringify(origin)} are not allowed; the control plane accepts requests of its own pages only.`,
    );
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none' && site !== 'same-origin') {
    throw forbidden(`A request from another site (Sec-Fetch-Site: ${site}) is not allowed.`);
  }
}

function checkToken(request: FastifyRequest, secret: Buffer): void {
  const { headers } = request;
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (bearer !== undefined && timingSafeEqual(digest(bearer), secret)) return;
  const [, fromCookie] = new RegExp(`(?:^|; *)${COOKIE}=([0-9a-f]{64})(?:;|$)`).exec(headers.cookie ?? '') ?? [];
  if (fromCookie !== undefined && timingSafeEqual(Buffer.from(fromCookie, 'hex'), secret)) return;
  const { token } = request.query as { token?: unknown };
  const isSignInLink = request.method === 'GET' && request.routeOptions.url === PAGE;
  if (isSignInLink && typeof token === 'string' && timingSafeEqual(digest(token), secret)) return;
  throw forbidden(
    'This server listens beyond this machine: send its --admin-token as Authorization: Bearer <token>, or open /__admin/ui?token=<token>.',
  );
}

/** A host in the form used for comparison: lower case, IPv6 addresses without brackets. */
function normalizedHost(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

/** The origin of a URL, without a default port; '' when the text is not a URL. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

/** The SHA-256 digest: `timingSafeEqual` needs values of equal length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function forbidden(sentence: string): Problem {
  return new Problem(403, 'not-let-in', sentence);
}
