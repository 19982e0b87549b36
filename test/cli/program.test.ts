// The command line: flags, variables, defaults, names and help, and one sentence for each mistake.
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { stop } from '../../src/cli/command.ts';
import { allSettings } from '../../src/cli/commands/index.ts';
import { UsageError } from '../../src/cli/failures.ts';
import { readCommand } from '../../src/cli/program.ts';
import { variableOf } from '../../src/cli/settings.ts';
import { listening } from '../harness.ts';
import { printed, typed } from './shell.ts';

/** The action of a command line, and its settings. */
function settingsOf(args: string[], environment: Record<string, string> = {}) {
  const parsed = readCommand(args, environment);
  return 'action' in parsed ? { name: parsed.name, config: parsed.config } : parsed;
}

const DEFAULTS = {
  port: 4010,
  tls: null,
  host: '127.0.0.1',
  data: null,
  contract: [],
  fixtures: null,
  auth: 'spec',
  mode: 'strict',
  'sandbox-ttl': 3600,
  'max-sandboxes': 20_000,
  'open-sandboxes': 2000,
  'explicit-sandboxes': false,
  mount: [],
  'admin-port': null,
  'admin-token': null,
  'allow-host': [],
  'no-magic-ids': false,
  'no-webhooks': false,
  'log-level': 'warn',
  'check-answers': false,
  'strict-contract': false,
  'journal-size': 1000,
  'journal-memory': null,
  'snapshot-memory': null,
};

t.test('a flag wins over its variable, a variable over the default', async (t) => {
  t.strictSame(settingsOf([]), { name: 'start', config: DEFAULTS });
  const environment = {
    UNDERSTUDY_PORT: '5000',
    UNDERSTUDY_AUTH: 'strict',
    UNDERSTUDY_CHECK_ANSWERS: 'true',
    UNDERSTUDY_NO_WEBHOOKS: 'false',
    PATH: '/bin',
  };
  const set = { ...DEFAULTS, port: 5000, auth: 'strict', 'check-answers': true };
  t.strictSame(settingsOf(['start'], environment), { name: 'start', config: set });
  for (const port of [['--port', '6000'], ['--port=6000'], ['-p', '6000'], ['-p6000']])
    t.strictSame(settingsOf([...port, '--data=/tmp/x'], environment), {
      name: 'start',
      config: { ...set, port: 6000, data: '/tmp/x' },
    });
  t.strictSame(settingsOf(['--no-webhooks', '--admin-port', '0', '--admin-token', 'a!b']), {
    name: 'start',
    config: { ...DEFAULTS, 'no-webhooks': true, 'admin-port': 0, 'admin-token': 'a!b' },
  });
  t.match(settingsOf([], { UNDERSTUDY_TLS: '443' }), { config: { tls: 443 } });
  t.strictSame(settingsOf(['wait', '--timeout', '5'], environment), {
    name: 'wait',
    config: { url: null, host: '127.0.0.1', timeout: 5, port: 5000, 'admin-port': null, json: false },
  });
});

t.test('a setting that may be repeated makes one list; its variable is a list with commas', async (t) => {
  const mount = [
    { provider: 'proficient', port: 8080 },
    { provider: 'pagecall', port: 8081 },
  ];
  const mounted = { name: 'start', config: { ...DEFAULTS, mount } };
  t.strictSame(settingsOf(['--mount', 'proficient=8080', '--mount', 'pagecall=8081']), mounted);
  t.strictSame(settingsOf([], { UNDERSTUDY_MOUNT: 'proficient=8080, pagecall=8081' }), mounted);
  t.strictSame(
    settingsOf(['--mount', 'proficient=8080,pagecall=8081'], { UNDERSTUDY_MOUNT: 'conductor=1' }),
    mounted,
    'flags replace the list of the variable',
  );
  const hosts = { name: 'start', config: { ...DEFAULTS, 'allow-host': ['a.example', '[::2]', 'b'] } };
  t.strictSame(settingsOf(['--allow-host', 'a.example', '--allow-host', '[::2], b']), hosts);
  t.strictSame(settingsOf([], { UNDERSTUDY_ALLOW_HOST: 'a.example,[::2],b' }), hosts);
});

t.test('an empty variable is unset, also one that no setting has', async (t) => {
  const empty = Object.fromEntries(allSettings().map(([name]) => [variableOf(name), '']));
  t.strictSame(settingsOf([], { ...empty, UNDERSTUDY_PROT: '' }), { name: 'start', config: DEFAULTS });
  t.strictSame(settingsOf(['wait'], empty), {
    name: 'wait',
    config: { url: null, host: '127.0.0.1', timeout: 30, port: 4010, 'admin-port': null, json: false },
  });
});

t.test(
  'commands are known by both numbers, list and delete as ls and rm, and their first verb may be left out',
  async (t) => {
    const cases: [string, string][] = [
      ['fault', 'fault list'],
      ['faults ls', 'fault list'],
      ['faults rm x', 'fault delete'],
      ['sandbox', 'sandboxes list'],
      ['sandbox ls --limit 3', 'sandboxes list'],
      ['sandboxes rm x', 'sandboxes delete'],
      ['snapshots', 'snapshot list'],
      ['snapshot rm x', 'snapshot delete'],
      ['request ls', 'requests list'],
      ['requests --follow', 'requests list'],
      ['deletion show x', 'deletions show'],
      ['state --provider pagecall', 'state get'],
      ['reset --all', 'reset'],
      ['--auth strict', 'start'],
      ['start', 'start'],
    ];
    for (const [line, name] of cases) t.match(settingsOf(line.split(' ')), { name }, line);
  },
);

t.test('a mistyped name is refused with the nearest one, if one is near', async (t) => {
  const cases: [string, Record<string, string>, string][] = [
    ['--prot 1', {}, "Unknown option '--prot'; did you mean --port?"],
    ['start --prot 1', {}, "Unknown option '--prot'; did you mean --port?"],
    ['--journal-siez 1', {}, "Unknown option '--journal-siez'; did you mean --journal-size?"],
    ['-x', {}, "Unknown option '-x'; see understudy start --help."],
    ['reset -t empty', {}, "Unknown option '-t'; see understudy reset --help."],
    ['strat', {}, "Unknown command 'strat'; did you mean start?"],
    ['strat --port 1', {}, "Unknown command 'strat'; did you mean start?"],
    ['strat --help', {}, "Unknown command 'strat'; did you mean start?"],
    ['hlep', {}, "Unknown command 'hlep'; did you mean help?"],
    ['help falt', {}, "Unknown command 'falt'; did you mean fault?"],
    ['falts ls', {}, "Unknown command 'falts'; did you mean faults?"],
    ['destroy', {}, "Unknown command 'destroy'; see understudy --help."],
    ['fault ad', {}, "Unknown command 'ad'; did you mean add?"],
    ['faults ad --operation x', {}, "Unknown command 'ad'; did you mean add?"],
    ['fault destroy x', {}, "Unknown command 'destroy'; see understudy fault --help."],
    ['help fault ad', {}, "Unknown command 'ad'; did you mean add?"],
    ['start now', {}, 'start takes no argument now; see understudy start --help.'],
    ['--port 1 wait', {}, 'start takes no argument wait; see understudy start --help.'],
    ['fault add --operatoin x', {}, "Unknown option '--operatoin'; did you mean --operation?"],
    ['fault rm --times 3 x', {}, "Unknown option '--times'; see understudy fault delete --help."],
    ['faults delete', {}, "Missing required argument 'id'; see understudy fault delete --help."],
    ['fault delete a b', {}, 'fault delete takes no argument b; see understudy fault delete --help.'],
    ['sandboxes create a b', {}, 'sandboxes create takes no argument b; see understudy sandboxes create --help.'],
    ['start --timeout 3', {}, "Unknown option '--timeout'; see understudy start --help."],
    ['wait --data x', {}, "Unknown option '--data'; see understudy wait --help."],
  ];
  for (const [line, env, sentence] of cases)
    t.strictSame(
      await typed(line.split(' ').filter(Boolean), { env }),
      { code: 2, out: '', err: `understudy: ${sentence}\n` },
      line,
    );
});

t.test('an unknown variable is reported with the nearest name, and stops nothing', async (t) => {
  const { url } = await listening(t);
  const cases: [Record<string, string>, string][] = [
    [{ UNDERSTUDY_PROT: '1' }, 'Ignored unknown variable UNDERSTUDY_PROT; did you mean UNDERSTUDY_PORT?'],
    [{ UNDERSTUDY_COLOURFULNESS: '1' }, 'Ignored unknown variable UNDERSTUDY_COLOURFULNESS; see understudy --help.'],
    // A setting of one call has no variable: left behind in a shell it would change later calls.
    [{ UNDERSTUDY_STATUS: '503' }, 'Ignored unknown variable UNDERSTUDY_STATUS; see understudy --help.'],
  ];
  for (const [env, sentence] of cases) {
    const ran = await typed(['requests', 'count', '--url', url], { env });
    t.strictSame(ran, { code: 0, out: '0\n', err: `understudy: ${sentence}\n` });
  }
  t.strictSame(await typed(['requests', 'count', '--url', url], { env: { UNDERSTUDY_PROT: '' } }), printed('0\n'));
});

t.test('the service links of Kubernetes are ignored with one warning', async (t) => {
  const { url } = await listening(t);
  const { port } = new URL(url);
  const env = {
    UNDERSTUDY_SERVICE_HOST: '10.0.0.1',
    UNDERSTUDY_SERVICE_PORT: '4010',
    UNDERSTUDY_SERVICE_PORT_HTTP: '4010',
    UNDERSTUDY_PORT: 'tcp://10.0.0.1:4010',
    UNDERSTUDY_PORT_4010_TCP: 'tcp://10.0.0.1:4010',
    UNDERSTUDY_PORT_4010_TCP_PROTO: 'tcp',
    UNDERSTUDY_PORT_4010_TCP_PORT: '4010',
    UNDERSTUDY_PORT_4010_TCP_ADDR: '10.0.0.1',
    UNDERSTUDY_ADMIN_PORT: 'tcp://10.0.0.2:4011',
    UNDERSTUDY_ADMIN_SERVICE_HOST: '10.0.0.2',
  };
  const warning = (which: string) =>
    `understudy: Ignored ${which}: service links of Kubernetes; enableServiceLinks: false turns them off.\n`;
  t.strictSame(await typed(['requests', 'count', '--port', port], { env }), {
    code: 0,
    out: '0\n',
    err: warning('UNDERSTUDY_SERVICE_HOST and 9 more'),
  });
  const both = { UNDERSTUDY_PORT: port, UNDERSTUDY_SERVICE_HOST: '10.0.0.1' };
  t.strictSame(await typed(['requests', 'count'], { env: both }), {
    code: 0,
    out: '0\n',
    err: warning('UNDERSTUDY_SERVICE_HOST'),
  });
  const started = await typed(['--port', '0', '--log-level', 'silent'], { env });
  t.equal(started.err, warning('UNDERSTUDY_SERVICE_HOST and 9 more'));
  await stop(started.code as FastifyInstance);
});

t.test('a switch takes the usual words in its variable', async (t) => {
  for (const [text, on] of [
    ['1', true],
    ['true', true],
    ['yes', true],
    ['YES', true],
    ['0', false],
    ['false', false],
    ['no', false],
    ['', false],
  ] as const) {
    const parsed = readCommand([], { UNDERSTUDY_NO_WEBHOOKS: text }) as { config: Record<string, unknown> };
    t.equal(parsed.config['no-webhooks'], on, text);
  }
  t.throws(() => readCommand([], { UNDERSTUDY_NO_WEBHOOKS: 'on' }), {
    message: 'UNDERSTUDY_NO_WEBHOOKS takes one of 1, 0, true, false, yes, no, not "on".',
  });
});

t.test('a value that is not accepted is refused with those that are', async (t) => {
  const cases: [string[], Record<string, string>, string][] = [
    [
      ['--allow-host', 'http://a.example'],
      {},
      '--allow-host takes a host name or address without scheme and port, not "http://a.example".',
    ],
    [['--admin-token', 'a b'], {}, '--admin-token takes visible ASCII characters without spaces, not "a b".'],
    [['--port', 'x'], {}, '--port takes a whole number from 0 to 65535, not "x".'],
    [['-p', '70000'], {}, '--port takes a whole number from 0 to 65535, not "70000".'],
    [['--port'], {}, "Option '-p, --port <number>' argument missing; see understudy start --help."],
    [['--help=yes'], {}, "Unknown option '--help=yes'; see understudy start --help."],
    [['--data='], {}, '--data takes a value, not "".'],
    [['--mount', 'proficient'], {}, '--mount takes <provider>=<port>, as in conductor=8080, not "proficient".'],
    [['--mount', 'a=1', '--mount', 'b=x'], {}, '--mount takes <provider>=<port>, as in conductor=8080, not "b=x".'],
    [['--mount', 'a=70000'], {}, '--mount takes <provider>=<port>, as in conductor=8080, not "a=70000".'],
    [['--auth', 'lax'], {}, '--auth takes one of spec, strict, not "lax".'],
    [
      [],
      { UNDERSTUDY_CHECK_ANSWERS: 'maybe' },
      'UNDERSTUDY_CHECK_ANSWERS takes one of 1, 0, true, false, yes, no, not "maybe".',
    ],
    [['--check-answers=true'], {}, "Unknown option '--check-answers=true'; see understudy start --help."],
    [
      [],
      { UNDERSTUDY_LOG_LEVEL: 'loud' },
      'UNDERSTUDY_LOG_LEVEL takes one of fatal, error, warn, info, debug, trace, silent, not "loud".',
    ],
  ];
  for (const [args, environment, message] of cases) {
    t.throws(() => readCommand(args, environment), new UsageError(message), message);
  }
});
