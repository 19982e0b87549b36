// Shell lines that send the same bytes as a request.
import { bytesOf, type WireRequest } from './wire-request.ts';

/** Methods and headers that curl sends unchanged. */
const TOKEN = /^[A-Z]+$/;
const HEADER = /^[A-Za-z0-9-]+: [!-~]([ -~]*[!-~])?$/;
const PLAIN_TARGET = /^\/[\w.~%!$&'()*+,;=:@/?[\]-]*$/;
const TARGET = /^[!-~]+$/;
/** Headers that curl treats specially. */
const CURLS_OWN = /^(expect|content-length|transfer-encoding|connection|te|upgrade|range|host): /i;

/** A bash line that sends these bytes to a server: curl if it can send the request, else printf into a socket. */
export function shellLine(requests: readonly WireRequest[], origin: URL): string {
  const [request] = requests as [WireRequest];
  return requests.length === 1 && canCurl(request, origin)
    ? curlLine(request, origin)
    : rawLine(Buffer.concat(requests.map(bytesOf)), origin);
}

function canCurl({ method, target, version, lines, body, framing }: WireRequest, { host }: URL): boolean {
  const [first = '', ...rest] = lines;
  return (
    TOKEN.test(method) &&
    method !== 'HEAD' &&
    version === '1.1' &&
    framing === 'length' &&
    TARGET.test(target) &&
    first === `Host: ${host}` &&
    rest.every((line) => HEADER.test(line) && !CURLS_OWN.test(line)) &&
    (body === null || isPrintable(body))
  );
}

/** Whether a body can be an argument: no control characters, valid UTF-8, and not a file name. */
function isPrintable(body: Buffer): boolean {
  const text = body.toString();
  return !/[^\P{C}\n]/u.test(text) && !text.startsWith('@') && body.length < 50_000 && Buffer.from(text).equals(body);
}

function curlLine({ method, target, lines, body }: WireRequest, { origin }: URL): string {
  const given = lines.slice(1);
  const has = (name: string) => given.some((line) => line.toLowerCase().startsWith(`${name}:`));
  // Headers that curl would add.
  const silent = ['Accept', 'User-Agent', ...(body === null ? [] : ['Content-Type', 'Expect'])].filter(
    (name) => !has(name.toLowerCase()),
  );
  const url = PLAIN_TARGET.test(target) ? [quoted(origin + target)] : [`--request-target ${quoted(target)}`, origin];
  return [
    'curl -isg --path-as-is',
    `-X ${method}`,
    ...url,
    ...[...silent.map((name) => `${name}:`), ...given].map((line) => `-H ${quoted(line)}`),
    ...(body === null ? [] : [`--data-binary ${quoted(body.toString())}`]),
  ].join(' ');
}

/** Sends bytes through bash's /dev/tcp, because nc is not always installed and its versions differ. */
function rawLine(bytes: Buffer, { hostname, port }: URL): string {
  const text = bytes.toString('latin1').replace(/[^ -$&-[\]-~]|'/g, escaped);
  const printed = `printf '${text}' >&3`;
  return `bash -c ${quoted(`exec 3<>/dev/tcp/${hostname}/${port}; ${printed}; timeout 2 cat <&3`)}`;
}

/** The printf escape of a byte: \n and \r, else three octal digits. */
function escaped(byte: string): string {
  if (byte === '\r') return '\\r';
  if (byte === '\n') return '\\n';
  return `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
