// Help and version of the command line, and that every verb is documented alike.
import t from 'tap';
import { allSettings, COMMANDS } from '../../src/cli/commands/index.ts';
import { variableOf } from '../../src/cli/settings.ts';
import { VERSION } from '../../src/version.ts';
import { printed, typed } from './shell.ts';

t.test('the version is printed for -v, --version and version', async (t) => {
  for (const args of [['-v'], ['--version'], ['version'], ['fault', 'add', '-v'], ['start', '--version']])
    t.strictSame(await typed(args), printed(`${VERSION}\n`), args.join(' '));
  for (const args of [['-v2'], ['-vh'], ['start', '-v2'], ['fault', 'list', '-vx']]) {
    const err = `understudy: Unknown option '${args.at(-1)}'; did you mean -v?\n`;
    t.strictSame(await typed(args), { code: 2, out: '', err }, args.join(' '));
  }
});

t.test('the help of a verb shows that verb alone, one example first', async (t) => {
  const page = `Example:
  understudy snapshot delete before

Usage: understudy snapshot delete|rm [options] <name>

Delete a snapshot

Options:
  --sandbox <name>       the sandbox to use; by default the one named default,
                         for env the one of the test worker (env
                         UNDERSTUDY_SANDBOX)
  --url <url>            URL of the server; by default --host and --port, or
                         --admin-port (env UNDERSTUDY_URL)
  --host <address>       address that the server listens on (default 127.0.0.1,
                         env UNDERSTUDY_HOST)
  -p, --port <number>    port of the server (default 4010, env UNDERSTUDY_PORT)
  --admin-port <number>  port of its control plane, if that has its own (env
                         UNDERSTUDY_ADMIN_PORT)
  --admin-token <token>  token of its control plane, if it requires one (env
                         UNDERSTUDY_ADMIN_TOKEN)
  --json                 print the response as JSON (env UNDERSTUDY_JSON)
  -h, --help             show help

Exit codes: 0 done, 2 trouble (wrong usage, no connection, or the server refused).
`;
  const spellings = ['help snapshot delete', 'help snapshots rm', 'snapshot delete --help', 'snapshots rm x -h'];
  for (const line of spellings) t.strictSame(await typed(line.split(' ')), printed(page), line);
  t.equal(
    (await typed(['snapshot', 'rm', '-h'], { columns: 200 })).out.split('\n').length,
    19,
    'as wide as a terminal',
  );
  t.match((await typed(['help', 'erasure-check'])).out, /\nExit codes: 0 nothing is left, 1 something is left, 2 tro/);
});

t.test('the help of a command shows its verbs and examples', async (t) => {
  const page = `Usage: understudy deletions|deletion [verb] [options]

List deletions, and show what each of them deleted

Options:
  -h, --help      show help

Commands:
  list|ls         List deletions, newest first
  show <request>  Show what one deletion deleted; the id is the
                  X-Understudy-Request header of its response

Without a verb: list.

Examples:
  understudy deletions list --provider conductor --limit 10
  understudy deletions show bdyycij3dlkz9ix7
`;
  for (const line of ['help deletions', 'help deletion', 'deletions --help', 'deletion -h'])
    t.strictSame(await typed(line.split(' ')), printed(page), line);
});

t.test('the help of the whole lists the commands and says what exit codes mean', async (t) => {
  const { out, code } = await typed(['--help']);
  t.equal(code, 0);
  for (const args of [['help'], ['-h']]) t.strictSame(await typed(args), printed(out));
  t.match(out, /^Usage: understudy \[command\] \[options\]\n\nA local, stateful stand-in for /);
  for (const { name, alias } of COMMANDS) t.match(out, `\n  ${alias === undefined ? name : `${name}|${alias}`} `);
  t.match(out, /\n {2}-v, --version /);
  t.match(
    out,
    `
Without a command, understudy runs start. ls is short for list, rm for delete.
A flag wins over its environment variable: --log-level is also
UNDERSTUDY_LOG_LEVEL. An empty variable is unset.
Exit codes, as grep and diff use them: 0 yes, 1 no,
2 trouble (wrong usage, no connection, or the server refused).
`,
  );
});

t.test('every verb has an example that can be typed', async (t) => {
  for (const { name, actions, examples } of COMMANDS) {
    for (const { name: verb } of actions) {
      const words = `understudy ${name} ${verb}`.trim();
      t.match((await typed([name, verb, '--help'].filter(Boolean))).out, /^Example:\n {2}\S*.*understudy /, words);
      t.ok(
        examples.some((line) => line.includes(words)),
        words,
      );
    }
  }
});

t.test('a setting is a switch in every command or in none, and no two have the same variable', async (t) => {
  const kinds = new Map<string, boolean>();
  for (const [name, { value }] of allSettings()) {
    if ((kinds.get(name) ?? value === null) !== (value === null)) t.fail(`${name} is both`);
    kinds.set(name, value === null);
  }
  const variables = [...kinds.keys()].map(variableOf);
  t.equal(new Set(variables).size, variables.length);
  t.equal(variableOf('log-level'), 'UNDERSTUDY_LOG_LEVEL');
});

t.test('every command that calls a server has the same settings for it', async (t) => {
  for (const { name, actions } of COMMANDS.filter((command) => command.name !== 'start')) {
    for (const { settings, name: action } of actions) {
      // It starts a server of its own where it is given none.
      const expected = name === 'explore' ? ['url', 'json'] : ['url', 'port', 'admin-port', 'json'];
      if (name !== 'wait') expected.push('admin-token');
      if (!['wait', 'sandboxes', 'explore'].includes(name)) expected.push('sandbox');
      t.strictSame(
        expected.filter((one) => !(one in settings)),
        [],
        `${name} ${action}`,
      );
    }
  }
});
