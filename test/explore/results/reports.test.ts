// Reports of an exploration: JUnit, Markdown and HTML, with the same verdicts as the text.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { explored, exploredJson } from '../exploring.ts';

const folder = mkdtempSync(join(tmpdir(), 'explored-'));
const file = (name: string) => join(folder, name);

t.test('all reports of one exploration have its verdicts, its stories and how to repeat them', async (t) => {
  const { code, out } = await explored('delete-two', [
    ...['--only', '500,slow', '--subject', 'user-42', '--fail-on', 'half-done'],
    ...['--report', 'junit', file('a.xml'), '--report', 'html', file('a.html'), '--report', 'markdown', file('a.md')],
  ]);
  t.equal(code, 1);
  t.match(out, /8 runs: 2 half done, 1 done but reported failed, 1 failed cleanly, 4 survived\n/);
  const [junit, html, markdown] = ['a.xml', 'a.html', 'a.md'].map((name) => readFileSync(file(name), 'utf8'));
  t.match(junit, /<testsuite name="explore" tests="8" failures="2" errors="0" skipped="0">/);
  t.match(
    junit,
    /<testcase classname="DeleteUser \/v1\/users\/user-42" name="500 INTERNAL after-commit" time="[\d.]+"><failure message="half done" type="half-done">exit 1&#10;left: conductor endUsers end_usr_alice000000042, .*&#10;understudy explore --repeat \w{8} --subject user-42 -- /,
  );
  t.match(junit, /name="slow before" time="[\d.]+"><system-out>survived&#10;exit 0&#10;/);
  t.match(markdown, /^# Exploration\n\n`.* delete-two`: 8 runs: 2 half done, .*\.\n\n\| CALL \| RUNS \| HALF DONE \| /);
  t.match(
    markdown,
    /\n- \*\*half done\*\*: DeleteUser \/v1\/users\/user-42, 500 INTERNAL after-commit\n {2}- exit 1\n/,
  );
  t.match(markdown, /\n {2}- `understudy explore --repeat \w{8} --subject user-42 -- .* delete-two`\n/);
  t.match(markdown, /\nThese are 8 of 58 runs; /);
  const [, id] = /<a class="tone bad" href="#run-(\w{8})">half done<\/a>/.exec(String(html)) ?? [];
  t.match(html, `<div class="run" id="run-${id}">`);
  t.match(html, '<p class="verdict left">8 runs: 2 half done, ');
  t.match(html, '<tr><th scope="row">500 INTERNAL, after the commit</th>');
  t.match(html, /<li>DELETE \/pagecall\/v1\/users\/user-42 → 500 \(fault\), \d+ ms<\/li>/);
  t.match(html, /<h3>Deletions<\/h3>\n<ul><li>\S+ pagecall DeleteUser: users user-42 \(.*; its response was lost\)/);
  t.match(html, '<li>deleted pagecall users user-42</li>');
  t.match(html, /<li>updated pagecall sessions \{&quot;id&quot;:/);
  t.match(html, /<h3>Output<\/h3>\n<pre>.*Error: 500 \{/s);
  t.notMatch(html, /<script|https?:\/\//);
});

t.test('the page shows races in the matrix, and which requests are those of the other client', async (t) => {
  await explored('delete-two', ['--races', '--only', 'race', '--report', 'html', file('races.html')]);
  const html = readFileSync(file('races.html'), 'utf8');
  t.match(html, '<tr><th scope="row">race with the same request, after the commit</th>');
  t.match(html, /<li>another client: DELETE \/pagecall\/v1\/users\/user-42 → 200, \d+ ms<\/li>/);
  t.match(html, '<li>another client sent DELETE /pagecall/v1/users/user-42 just before (200)</li>');
});

t.test('a report without a failure says so, and what a page cannot show is escaped', async (t) => {
  const { code } = await explored('create', [
    ...['--only', 'reset,before', '--seed', '<s>', '--fail-on', 'crashed'],
    ...['--report', 'html', file('b.html'), '--report', 'markdown', file('b.md')],
  ]);
  t.equal(code, 0);
  const html = readFileSync(file('b.html'), 'utf8');
  t.match(html, '<p class="verdict clean">1 run: 1 failed cleanly</p>');
  t.match(html, '<dd><code>&lt;s&gt;</code></dd>');
  t.match(html, '→ no response (fault)');
  const { runs } = await exploredJson(t, 'read', ['--only', 'slow', '--report', 'markdown', file('c.md')]);
  t.equal(runs[0]?.verdict, 'survived');
  t.notMatch(readFileSync(file('c.md'), 'utf8'), /\*\*/);
});

t.test('a report in an unknown format, or a file that cannot be written, is refused', async (t) => {
  t.match(await explored('read', ['--report', 'pdf', 'x']), {
    code: 2,
    err: /--report takes junit or html or markdown, and a file/,
  });
  // Before anything is run: this command would fail.
  t.match(await explored('nothing', ['--report', 'html', '/nowhere/a.html']), {
    code: 2,
    out: '',
    err: /--report: \/nowhere\/a\.html cannot be written \(.*\); choose another file\./,
  });
});

t.test('a call that did not come is skipped, and counts as nothing else', async (t) => {
  const around = { env: { STATE: file('calls') } };
  const flags = ['--only', '500', '--jobs', '1', '--fail-on', 'half-done,hung,crashed,survived-differently'];
  const { code, out } = await explored('fewer-later', [...flags, '--report', 'junit', file('d.xml')], around);
  t.equal(code, 0);
  t.match(
    out,
    /^CALL +RUNS +FAILED CLEANLY +NOT REACHED\nendUsers\.list \/v1\/end-users +1 +1 +-\nendUsers\.list \/v1\/end-users #2 +1 +- +1\n/,
  );
  t.match(out, '  exit 0, without the call that was to fail\n');
  t.match(
    out,
    '\nIn 1 of the runs the call that was to fail did not come: the command does not do the same each time, ',
  );
  const junit = readFileSync(file('d.xml'), 'utf8');
  t.match(junit, /tests="2" failures="0" errors="0" skipped="1"/);
  t.match(junit, /#2" name="500 INTERNAL_ERROR before" time="[\d.]+"><skipped message="not reached"\/>/);
});

t.test('calls on one path are told apart by their bodies, and long lists are cut', async (t) => {
  const flags = ['--max-runs', '2', '--only', 'slow', '--skip', 'after-commit', '--report', 'html', file('e.html')];
  const { out } = await explored('create-51', flags);
  const [one, two] = [
    ...out.matchAll(/\nendUsers\.create \/v1\/end-users (\{"companyName":"(?:long-)+.*… \w{6}) +1 +1(?=\n)/g),
  ];
  t.not(one?.[1], two?.[1]);
  t.match(readFileSync(file('e.html'), 'utf8'), /<li>created conductor endUsers .*<li>and 1 more<\/li>/);
  const short = await explored('create-many', ['--only', '401,before']);
  t.match(
    short.out,
    /\nendUsers\.create \/v1\/end-users \{"companyName":"h","sourceId":"h","email":"h@example\.com"\} +1 +1\n\n8 runs: 8 survived\n/,
  );
});

t.test('rules that a client breaks in runs that are survived are told with an example', async (t) => {
  const one = await explored('ignore-failures', ['--only', '500,after-commit']);
  t.match(
    one.out,
    /1 run: 1 survived\nIn 1 survived run the client breaks retries-transient-errors: gave up after 500 \(DeleteUser \/v1\/users\/user-42: 500 INTERNAL after-commit, \w{8}\)\.\n/,
  );
  const two = await explored('ignore-failures', ['--only', '500,reset,after-commit']);
  t.match(two.out, '\nIn 2 survived runs the client breaks retries-transient-errors: gave up after ');
});

t.test('failures with the same result are one story', async (t) => {
  const { out } = await explored('delete-two', ['--only', 'INVALID_BODY,NO_SUCH_USER']);
  t.match(out, /\nFAILED CLEANLY {2}DeleteUser \/v1\/users\/user-42: 400 INVALID_BODY before, and 1 more like it\n/);
  t.match(out, '\n  also: 400 NO_SUCH_USER before\n');
  // Another one has the same failures, after the commit.
  t.equal(out.split('FAILED CLEANLY  ').length, 2);
  const many = await explored('delete-two', [
    '--only',
    'DeleteUser,before,400,404,500',
    '--report',
    'markdown',
    file('f.md'),
  ]);
  // Refusals are one, and what passes is another.
  t.equal(many.out.split('FAILED CLEANLY  ').length, 3);
  t.match(many.out, /, and 9 more like it\n(?: .*\n)* {2}also: (?:4\d\d \w+ before, ){8}and 1 more\n/);
  t.match(readFileSync(file('f.md'), 'utf8'), / - also: 4\d\d /);
});
