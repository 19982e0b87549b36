// Flags and variables: one list, and one sentence for each mistake.
import t from 'tap';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { allSettings, readCommand, UsageError, variableOf } from '../../src/cli/config.ts';

/** The command that was meant, and its settings. */
function meant(args: string[], environment: Record<string, string> = {}) {
  const asked = readCommand(args, environment);
  return 'action' in asked ? { name: asked.name, config: asked.config } : asked;
}

t.test('defaults, variables and flags, the nearer one winning', async (t) => {
  t.strictSame(meant([]), {
    name: 'start',
    config: {
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
      'journal-size': 1000,
    },
  });
  const environment = {
    UNDERSTUDY_PORT: '5000',
    UNDERSTUDY_AUTH: 'strict',
    UNDERSTUDY_CHECK_ANSWERS: 'true',
    PATH: '/bin',
  };
  t.match(readCommand(['start'], environment), { config: { port: 5000, auth: 'strict', 'check-answers': true } });
  t.match(readCommand(['--port', '6000', '--data=/tmp/x'], environment), {
    config: { port: 6000, data: '/tmp/x', auth: 'strict' },
  });
  const mount = [
    { provider: 'proficient', port: 8080 },
    { provider: 'pagecall', port: 8081 },
  ];
  t.match(readCommand(['--mount', 'proficient=8080', '--mount', 'pagecall=8081'], {}), { config: { mount } });
  t.match(readCommand([], { UNDERSTUDY_MOUNT: 'proficient=8080, pagecall=8081' }), { config: { mount } });
  const hosts = { config: { 'allow-host': ['a.example', '[::2]', 'b'] } };
  t.match(readCommand(['--allow-host', 'a.example', '--allow-host', '[::2], b'], {}), hosts);
  t.match(readCommand([], { UNDERSTUDY_ALLOW_HOST: 'a.example,[::2],b' }), hosts);
  t.match(readCommand(['--no-webhooks', '--admin-port', '0', '--admin-token', 'a!b'], {}), {
    config: { 'no-webhooks': true, 'admin-port': 0, 'admin-token': 'a!b' },
  });
  t.match(readCommand([], { UNDERSTUDY_TLS: '443' }), { config: { tls: 443 } });
  t.strictSame(meant(['wait', '--timeout', '5'], environment), {
    name: 'wait',
    config: { url: null, timeout: 5, port: 5000, 'admin-port': null, json: false },
  });
  t.same(readCommand(['--help'], {}), { name: 'help', command: null });
  t.same(readCommand(['-h'], {}), { name: 'help', command: null });
  t.same(readCommand(['help'], {}), { name: 'help', command: null });
  t.match(readCommand(['help', 'fault', 'add'], {}), { name: 'help', command: { name: 'fault' } });
  t.match(readCommand(['fault', 'add', '--help'], {}), { name: 'help', command: { name: 'fault' } });
  t.same(readCommand(['--version'], {}), { name: 'version' });
});

t.test('what is not known is refused with the nearest name', async (t) => {
  const cases: [string[], Record<string, string>, RegExp][] = [
    [['--prot', '1'], {}, /no setting --prot; did you mean --port\?/],
    [['-p', '1'], {}, /no setting -p; did you mean --\w+\?/],
    [['strat'], {}, /no command strat; did you mean start\?/],
    [['start', 'now'], {}, /start takes no now; see understudy start --help/],
    [['help', 'faults'], {}, /no command faults; did you mean fault\?/],
    [['hlep'], {}, /no command hlep; did you mean help\?/],
    [['fault', 'ad'], {}, /no fault ad; did you mean fault add\?/],
    [['fault', 'add', '--operatoin', 'x'], {}, /no setting --operatoin; did you mean --operation\?/],
    [['fault', 'delete', '--times', '3', 'x'], {}, /no setting --times of fault delete; did you mean --\w+\?/],
    [['fault', 'delete'], {}, /fault delete takes <id>: understudy fault delete <id>\./],
    [['fault', 'delete', 'a', 'b'], {}, /fault delete takes no b; see understudy fault --help/],
    [['sandboxes', 'create', 'a', 'b'], {}, /sandboxes create takes no b/],
    [['start', '--timeout', '3'], {}, /no setting --timeout of start; did you mean --\w+/],
    [['wait', '--data', 'x'], {}, /no setting --data of wait; did you mean --\w+/],
    [[], { UNDERSTUDY_PROT: '1' }, /no setting UNDERSTUDY_PROT; did you mean UNDERSTUDY_PORT\?/],
    // What one call is about has no variable: left behind in a shell it would change what others mean.
    [['requests'], { UNDERSTUDY_STATUS: '503' }, /no setting UNDERSTUDY_STATUS; did you mean UNDERSTUDY_\w+\?/],
  ];
  for (const [args, environment, message] of cases)
    t.throws(() => readCommand(args, environment), { message }, args.join(' '));
});

t.test('a value that cannot be used is refused with what would do', async (t) => {
  const cases: [string[], Record<string, string>, string][] = [
    [
      ['--allow-host', 'http://a.example'],
      {},
      '--allow-host takes a host name or address without scheme and port, not "http://a.example".',
    ],
    [['--admin-token', 'a b'], {}, '--admin-token takes visible ASCII characters without spaces, not "a b".'],
    [['--port', 'x'], {}, '--port takes a whole number from 0 to 65535, not "x".'],
    [['--port', '70000'], {}, '--port takes a whole number from 0 to 65535, not "70000".'],
    [['--port'], {}, '--port takes a value: --port <number>.'],
    [['--help=yes'], {}, '--help takes no value.'],
    [['--data='], {}, '--data takes a value, not "".'],
    [['--mount', 'proficient'], {}, '--mount takes <provider>=<port>, as in conductor=8080, not "proficient".'],
    [['--mount', 'a=1', '--mount', 'b=x'], {}, '--mount takes <provider>=<port>, as in conductor=8080, not "b=x".'],
    [['--mount', 'a=70000'], {}, '--mount takes <provider>=<port>, as in conductor=8080, not "a=70000".'],
    [['--auth', 'lax'], {}, '--auth takes one of spec, strict, not "lax".'],
    [['--check-answers=maybe'], {}, '--check-answers takes one of true, false, not "maybe".'],
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

t.test('a name is a switch in every command or in none, and so is whether a variable stands for it', async (t) => {
  const kinds = new Map<string, boolean>();
  for (const [name, { value }] of allSettings()) {
    if ((kinds.get(name) ?? value === null) !== (value === null)) t.fail(`${name} is both`);
    kinds.set(name, value === null);
  }
  const variables = [...kinds.keys()].map(variableOf);
  t.equal(new Set(variables).size, variables.length);
  t.equal(variableOf('log-level'), 'UNDERSTUDY_LOG_LEVEL');
});

t.test('every command that asks a server is told in the same way where that is', async (t) => {
  for (const { name, actions } of COMMANDS.filter((command) => command.name !== 'start')) {
    for (const { settings, name: action } of actions) {
      const expected = ['url', 'port', 'admin-port', 'json'];
      if (name !== 'wait') expected.push('admin-token');
      if (!['wait', 'sandboxes'].includes(name)) expected.push('sandbox');
      t.strictSame(
        expected.filter((one) => !(one in settings)),
        [],
        `${name} ${action}`,
      );
    }
  }
});
