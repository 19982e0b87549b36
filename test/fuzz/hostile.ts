// Unusual and invalid paths, queries, preferences, headers and methods.
import fc from 'fast-check';
import { WIRE_FAULTS } from '../../src/core/faults/fault-plan.ts';

const long = (length: number) => 'x'.repeat(length);
const words = (text: string) => text.split(' ');

/** Path segments in URL form; two of them end the path. */
export const SEGMENTS: readonly string[] = [
  ...words(
    "nope -1 0 1e999 null undefined * ~ a;b=c a,b '%20or%201=1 %22 %5C %0A %7F + %2B %61 {id} [object%20Object] é ÿ",
  ),
  ...words(
    'constructor __proto__ toString hasOwnProperty %5F%5Fproto%5F%5F %00 a%00b %2F a%2Fb %2e%2e . .. % %z %zz %C3',
  ),
  ...words('%C3%28 %ED%A0%80 %FF%FE %F0%9F%92%A9 %e2%80%ae %EF%BB%BF %25 %252F %3F %23'),
  ...['', long(101), long(600), long(6000)],
];

/** Suffixes that turn an id into a fault id. */
export const magicEnds = (statuses: readonly number[]): string[] => [
  ...statuses.map((status) => `_fail_${status}`),
  ...[
    '_fail_200',
    '_fail_000',
    '_fail_999999',
    '_fail_5',
    '_delay_1',
    '_delay_0',
    '_delay_999999',
    '_delay_',
    '_fail_503_delay_1',
  ],
];

/** Parts of a query. */
export const QUERY_PARTS: readonly string[] = [
  ...words(
    'zz=1 zz = && % %=% %zz=1 a=%00 %00=a a[]=1 a[b]=1 __proto__=1 __proto__[a]=1 constructor=1 key=secret KEY=secret',
  ),
  ...words(
    'limit=1e999 limit=-0 limit=9007199254740993 limit= limit=1&limit=2 offset=99999999999999999999 offset=1.5 limit=NaN',
  ),
  ...words(
    'limit=0x10 limit=%31 limit=+1 limit=%2B1 limit[]=1 sandbox=* sandbox=gamma sandbox= sandbox=no_name sandbox=%',
  ),
  ...words(
    'sandbox=alpha&sandbox=beta sandbox[]=alpha since=%ED%A0%80 since=2025-02-30T00:00:00Z starting_after=__proto__',
  ),
  ...words('name=% name=%25 name=_ ? a?b=c ;a=b'),
  ...[`a=${long(3000)}`, `${long(3000)}=a`, `a=${long(20_000)}`, 'a=1&'.repeat(1500)],
];

const orders = (statuses: readonly number[]) => [
  ...statuses.map((status) => `code=${status}`),
  ...statuses.map((status) => `code=${status}, phase=after-commit`),
  ...WIRE_FAULTS.map((fault) => `fault=${fault}`),
  ...WIRE_FAULTS.map((fault) => `fault=${fault}, phase=after-commit, delay=1`),
  ...[
    'dry-run',
    'dry-run, delay=1',
    'dry-run=é',
    'delay=1',
    'delay=1, phase=after-commit',
    'code=418, handling=lenient',
  ],
  ...[
    'code=599, handling=lenient, phase=after-commit',
    'code=400, handling=lenient, error=nope',
    'code=503, retry-after-ms=1',
  ],
  ...[
    'code=503, fault=reset',
    'code=99',
    'code=1e3',
    'code=-0',
    'code=',
    'code',
    'delay=1e999',
    'delay=-1',
    'delay=9007199254740993',
  ],
  ...[
    'fault=rest',
    'fault=__proto__',
    'phase=after',
    'error=__proto__, code=400',
    'return=minimal',
    '',
    ',,,',
    '=',
    '"',
    'code="503"',
  ],
  ...[
    'dry-run, code=503, phase=after-commit',
    'dry-run, fault=reset, phase=after-commit',
    'handling=lenient',
    'code=503; a=b, delay=1',
  ],
  ...[
    'retry-after-ms=0',
    'code=503, code=404',
    `respond-async, wait=${long(500)}`,
    'code=500',
    'code=500, phase=after-commit',
  ],
];

/** Header lines that HTTP allows. */
export const lines = (statuses: readonly number[], hosts: readonly string[]): string[] => [
  ...orders(statuses).map((order) => `Prefer: ${order}`),
  ...[
    'default',
    'alpha',
    'beta',
    '',
    'no_name',
    '__proto__',
    'constructor',
    'é',
    '\xff',
    long(64),
    long(65),
    '../a',
    'A',
    'a, b',
  ].map((name) => `X-Understudy-Sandbox: ${name}`),
  ...[
    '',
    'Bearer',
    'Bearer ',
    'Bearer sbx_',
    'Bearer sbx_beta',
    'Bearer a sbx_beta',
    'bearer x',
    'Basic YTpi',
    'Bearer é',
    '\xff',
  ].map((value) => `Authorization: ${value}`),
  ...['', 'sbx_', 'pk_sbx_beta', 'pk_test_understudy', long(3000)].map((value) => `X-PROFICIENT-API-KEY: ${value}`),
  ...['', 'user-42', 'nobody', '__proto__', 'é', long(3000)].map((value) => `X-PROFICIENT-USER-EXTERNAL-ID: ${value}`),
  ...['', 'nope', 'end_usr_alice000000042', '__proto__', 'a, b'].map((value) => `Conductor-End-User-Id: ${value}`),
  ...['nope', '', '__proto__'].map((value) => `X-Retry-Test-Id: ${value}`),
  ...[
    'text/plain',
    'application/json',
    'application/json; charset=utf-16',
    'application/xml',
    '',
    ';',
    'application/JSON;',
    'a',
  ].map((type) => `Content-Type: ${type}`),
  ...[
    'application/vnd.api+json',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'é',
    '__proto__',
    long(2000),
  ].map((type) => `Content-Type: ${type}`),
  ...['gzip', 'br', 'identity', 'gzip, gzip', 'nope'].map((encoding) => `Content-Encoding: ${encoding}`),
  ...['http://localhost', 'null', 'http://evil.example', 'é', '://'].map((origin) => `Origin: ${origin}`),
  ...[
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: none',
    'Cookie: understudy_admin=1',
    'Cookie: é',
    'Referer: http://a/?key=b',
  ],
  ...[
    'Expect: 100-continue',
    'Expect: nothing',
    'Connection: close',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'TE: trailers',
  ],
  ...[
    'Accept: text/html',
    'Accept: nope/nope;q=2',
    'Range: bytes=0-1',
    'If-None-Match: *',
    'X-HTTP-Method-Override: DELETE',
  ],
  ...[
    '__proto__: a',
    'constructor: a',
    'X-Long: '.concat(long(7000)),
    'Access-Control-Request-Method: DELETE',
    'Date: é',
  ],
  ...hosts.map((host) => `Host: ${host}`),
];

/** Hosts that are not served. */
export const HOSTS: readonly string[] = [
  'localhost',
  'evil.example',
  '',
  '[::1]:1',
  'a:b',
  'é',
  'a b',
  '127.0.0.1:99999',
  '/',
  'a?b',
];

/** Header lines that are invalid HTTP or frame the body twice. */
export const BROKEN_LINES: readonly string[] = [
  ...['Host: localhost', 'Host: api.conductor.is', 'HOST: a'],
  ...[
    'no colon',
    ': no name',
    'a b: c',
    'é: c',
    'A: \x00',
    'A: \x01',
    ' folded: 1',
    '\ttab',
    'A : b',
    'A: b\rC: d',
    'A: b\nC: d',
  ],
  ...[
    'Content-Length: -1',
    'Content-Length: 1e3',
    'Content-Length: 5',
    'Content-Length: 99999999999999999999',
    'Content-Length: +1',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: chunked, identity',
    `X-Long: ${long(20_000)}`,
  ],
];

export const METHODS = words('GET POST PUT PATCH DELETE HEAD OPTIONS TRACE QUERY PROPFIND PURGE M-SEARCH');

/** Methods that llhttp does not know. */
export const BROKEN_METHODS: readonly string[] = ['BREW', 'get', 'G', '__proto__', 'GET\t', 'É'];

/** Mostly the first, sometimes one of the others. */
export function mostly<T>(first: T, others: readonly T[], weight: number): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}
