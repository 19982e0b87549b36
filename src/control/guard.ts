// Who is let in at the control plane: no page of another site, no rebound name, beyond loopback nobody without the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../core/problem.ts';

/** What the guard goes by. */
export interface GuardOptions {
  /** Asked for on every request; null asks for none. */
  readonly token: string | null;
  /** Host names taken besides the local ones. */
  readonly allowHosts: readonly string[];
}

/** Routes reached by whatever name, without a token: a health check's, and what a client needs before it can trust us. */
const UNGUARDED = new Set(['/__admin/health', '/__admin/ready', '/__admin/ca.pem']);
const PAGE = '/__admin/ui';
const COOKIE = 'understudy_admin';

/** Makes the check that every request to the control plane passes first. It throws a Problem, 403, or returns. */
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

/** Whether that is the name or address of this very machine, as it stands in a URL or is listened on. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:127(\.\d{1,3}){3}\]?)$/i.test(host);
}

/** `GET /__admin/ui?token=…`: the token came in the link, and from here on in a cookie that scripts cannot read. */
export function setTokenCookie(reply: FastifyReply, token: string, page: string): FastifyReply {
  const cookie = `${COOKIE}=${digest(token).toString('hex')}; Path=/__admin; HttpOnly; SameSite=Strict`;
  return reply.header('set-cookie', cookie).redirect(page, 303);
}

function checkHost(host: string | undefined, allowed: ReadonlySet<string>): void {
  const [, name = ''] = /^([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.exec(host ?? '') ?? [];
  if (isLoopback(name) || /^[a-z0-9_-]+$/i.test(name) || allowed.has(normalizedHost(name))) return;
  throw forbidden(
    host === undefined
      ? 'The request has no Host.'
      : `The Host ${JSON.stringify(host)} is not let in here; start with --allow-host ${name || '<name>'} if it should be.`,
  );
}

function checkOrigin(protocol: string, headers: IncomingHttpHeaders): void {
  const { origin } = headers;
  if (origin !== undefined && origin !== originOf(`${protocol}://${headers.host ?? ''}`)) {
    throw forbidden(
      `Pages of ${JSON.stringify(origin)} are not let in here; the control plane serves its own pages only.`,
    );
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none' && site !== 'same-origin') {
    throw forbidden(`A request from another site (Sec-Fetch-Site: ${site}) is not let in here.`);
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

/** A host as it is compared: in lower case, an IPv6 address without its brackets. */
function normalizedHost(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

/** The origin a URL has, its default port left out; '' when it is none. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

/** Digests are of one length, so that comparing them takes one time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function forbidden(sentence: string): Problem {
  return new Problem(403, 'not-let-in', 'Not let in', sentence);
}
