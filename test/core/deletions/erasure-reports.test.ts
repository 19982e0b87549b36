// The reports of an erasure check: JUnit XML for CI, one HTML file for a reviewer, text for a message.
import t from 'tap';
import type { ErasureResult } from '../../../src/core/deletions/erasure-result.ts';
import type { Receipt } from '../../../src/core/deletions/receipt-schema.ts';
import { htmlOf } from '../../../src/core/deletions/reports/html.ts';
import { junitOf } from '../../../src/core/deletions/reports/junit.ts';
import { receiptLine, receiptsOf } from '../../../src/core/deletions/reports/report.ts';
import { remarksOf, textOf, verdictOf } from '../../../src/core/deletions/reports/text.ts';
import { type TestServer, testServer } from '../../harness.ts';
import { carryOut, check, KEYS } from './residues.ts';
import { RESOURCES } from './searched.ts';

const AT = '2025-03-01T10:00:00.000Z';

/** A report of what is left of these subjects. */
async function reportOf(call: TestServer['call'], subjects: string[], more = {}) {
  const result = (await check(call, subjects, more)) as unknown as ErasureResult;
  const { deletions } = (await call('GET', '/__admin/deletions')).body;
  return { sandbox: 'default', include: ['state'] as const, result, receipts: receiptsOf(result, deletions) };
}

t.test(
  'JUnit has a failing case for each row that is left, and the receipts of the deletions that led there',
  async (t) => {
    const { call } = await testServer(t);
    await call('PUT', '/__admin/clock', { json: { action: 'freeze', instant: AT } });
    const user = { createdAt: AT, companyName: 'A', email: '' };
    const endUsers = [
      { ...user, id: 'end_usr_5wpdwmc6a5ingu', sourceId: 'school-06' },
      { ...user, id: 'end_usr_other', sourceId: 'school-07' },
    ];
    await call('PUT', '/__admin/state', { json: { conductor: { endUsers } } });
    await carryOut(call, 'DELETE /conductor/v1/end-users/end_usr_other');
    const headers = { ...KEYS.pagecall, prefer: 'dry-run' };
    await call('DELETE', '/pagecall/v1/users/teacher-ines', { headers });
    await carryOut(call, 'DELETE /pagecall/v1/users/teacher-ines');
    const report = await reportOf(call, ['teacher-ines', 'school-06']);
    const request = report.receipts[0]?.requestId;
    t.equal(report.receipts.length, 1, 'of others, and of dry runs, there is none');
    const [linked] = report.result.linked || [];
    const at = linked?.linkedBy.at;
    const hex = '639ae210e09247a8ddf5841e';
    const remarks = [
      'linked identities, also searched:',
      `  ${hex} (id of pagecall users teacher-ines, ${at})`,
      `  ines@example.com (email of pagecall users teacher-ines, ${at})`,
      `  end_usr_5wpdwmc6a5ingu (id of conductor endUsers end_usr_5wpdwmc6a5ingu, ${AT})`,
      'requests that remove them, in order:',
      '  DELETE /conductor/v1/end-users/end_usr_5wpdwmc6a5ingu',
    ].map((line) =>
      line.replace(/(endUsers end_usr_5wpdwmc6a5ingu), .*\)/, `$1, ${(report.result.linked || [])[2]?.linkedBy.at})`),
    );
    t.strictSame(junitOf(report).split('\n'), [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="Understudy" tests="2" failures="2" errors="0" skipped="0">',
      '  <testsuite name="erasure check" tests="2" failures="2" errors="0" skipped="0" timestamp="2025-03-01T10:00:00">',
      '    <properties>',
      '      <property name="subjects" value="teacher-ines, school-06"/>',
      '      <property name="sandbox" value="default"/>',
      `      <property name="at" value="${AT}"/>`,
      '      <property name="include" value="state"/>',
      `      <property name="resources" value="${RESOURCES}"/>`,
      `      <property name="rows" value="121"/>`,
      `      <property name="linked" value="${hex}, ines@example.com, end_usr_5wpdwmc6a5ingu"/>`,
      '    </properties>',
      `    <testcase classname="erasure" name="nothing of teacher-ines, school-06 is left"><failure message="left: 2 residues of teacher-ines, school-06 (121 rows in ${RESOURCES} resources)" type="residue">` +
        remarks[0],
      ...remarks.slice(1, -1),
      `${remarks.at(-1)}</failure></testcase>`,
      '    <testcase classname="erasure" name="conductor endUsers end_usr_5wpdwmc6a5ingu"><failure message="id (linked), sourceId (exact)" type="residue">id (linked)',
      'sourceId (exact)</failure></testcase>',
      `    <system-out>${remarks[0]}`,
      ...remarks.slice(1),
      'deletions recorded for these subjects:',
      `${AT} pagecall DeleteUser: users teacher-ines (1 users, 4 members), request ${request}</system-out>`,
      '  </testsuite>',
      '</testsuites>',
      '',
    ]);
    await carryOut(call, 'DELETE /conductor/v1/end-users/end_usr_5wpdwmc6a5ingu');
    const [one] = report.receipts as [Receipt];
    t.match(receiptLine({ ...one, answered: false }), '4 members; its response was lost), request ');
    const clean = junitOf(await reportOf(call, ['school-06'], { linked: false }));
    t.match(clean, '<testcase classname="erasure" name="nothing of school-06 is left"/>');
    t.match(clean, '<testsuites name="Understudy" tests="1" failures="0" errors="0" skipped="0">');
    t.match(clean, '<property name="linked" value="not searched"/>');
  },
);

t.test('text from clients is escaped in both reports, and the HTML loads nothing', async (t) => {
  const { call } = await testServer(t);
  const name = `</td><script>alert("user-17")</script> & 'x'\u0001\ud83d\ude42`;
  const json = { type: 'open', name };
  await call('POST', '/pagecall/v1/rooms', { headers: KEYS.pagecall as Record<string, string>, json });
  const evil = '"><script src=http://evil.example/></script>\n\u0000';
  const report = await reportOf(call, ['user-17', evil]);
  const html = htmlOf(report);
  t.notMatch(html, /<script|url\(|@import|https?:\/\/(?!evil)/);
  const tags = html.match(/<[a-z][^>]*>/g) as string[];
  t.strictSame(
    tags.filter((tag) => /\s(on\w+|src|href)=/.test(tag)),
    [],
  );
  t.match(html, '&quot;&gt;&lt;script src=http://evil.example/&gt;&lt;/script&gt;&#10;\ufffd');
  t.match(html, '<p class="verdict left">left: ');
  t.match(html, `default-src 'none'; style-src 'unsafe-inline'`);
  t.match(html, '<p>No receipt names a subject or a linked identity.</p>');
  t.match(html, `<li><code>DELETE /pagecall/v1/users/user-17</code></li>`);
  const xml = junitOf(report);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML may not have them
  t.notMatch(xml, /<script|[\u0000-\u0008]/);
});

t.test('a report says what was not searched, forgotten or truncated', async (t) => {
  const linkedBy = { provider: 'p', resource: 'r', id: 'i', field: 'f', at: AT };
  const residue = { provider: 'p', resource: 'r', id: 'i', field: 'f', match: 'inside', erasableBy: null } as const;
  const result: ErasureResult = {
    clean: true,
    subjects: ['a'],
    at: AT,
    linked: Array.from({ length: 102 }, (_, n) => ({ value: `v${n}`, linkedBy })),
    linksForgotten: 1,
    linkedTruncated: true,
    searched: { resources: 1, rows: 1 },
    residues: [residue],
    plan: [],
    unerasable: [],
    truncated: true,
  };
  const limits = [
    'Matches inside longer identifiers (inside) do not count.',
    'There are more linked identities than were searched; check some of them explicitly.',
    'The links of 1 row have been forgotten; identities linked only through them were not searched.',
    'There are more residues than listed; check again after removing these.',
  ];
  const remarks = remarksOf(result);
  t.strictSame(
    [remarks.slice(0, 2), remarks.slice(-5)],
    [
      ['linked identities, also searched:', `  v0 (f of p r i, ${AT})`],
      ['  and 2 more', ...limits],
    ],
  );
  t.strictSame(textOf(result).slice(0, 2), [
    'clean: nothing of a is left (1 row in 1 resource)',
    '  p r i: f (inside)',
  ]);
  t.equal(
    verdictOf({ ...result, clean: false, residues: [] }),
    'left: more than 0 residues of a (1 row in 1 resource)',
  );
  const page = htmlOf({ sandbox: 's', include: ['state'], result, receipts: [] });
  for (const limit of limits) t.match(page, `<p class="note">${limit}</p>`);
  const instead = { provider: 'p', resource: 'r', id: 'i', fields: ['f', 'g'], instead: 'Do that' };
  const only = { ...result, linked: false as const, unerasable: [instead] };
  t.match(htmlOf({ sandbox: 's', include: ['state'], result: only, receipts: [] }), '<span>f, g</span></td>');
  t.ok(remarksOf(only).includes('  p r i (f, g): Do that'));
  t.ok(remarksOf(only).includes('Linked identities were not searched, only the given subjects.'));
});

t.test('reports say in which encodings a name stands', async (t) => {
  const { call } = await testServer(t);
  const json = { user_id: 'someone', profile_url: 'https://cdn.test/zoe%2540example.org.png' };
  await call('POST', '/pagecall/v1/users', { headers: KEYS.pagecall as Record<string, string>, json });
  const report = await reportOf(call, ['zoe@example.org']);
  const match = 'contains, percent-encoded, percent-encoded';
  t.match(textOf(report.result), [/^left: 1 residue/, `  pagecall users someone: profile_url (${match})`]);
  t.match(junitOf(report), `<failure message="profile_url (${match})" type="residue">`);
  t.match(htmlOf(report), `<td data-head="Match"><span>${match}</span></td>`);
});
