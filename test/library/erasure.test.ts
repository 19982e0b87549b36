// Erasure checks in the library: what is left of a person, over a socket and in process.
import t from 'tap';
import { NotErasedError } from '../../src/index.ts';
import { RESOURCES, ROWS } from '../core/deletions/searched.ts';
import { ALICE, keyed, open, requestAlice, WAYS } from './open.ts';

const SUBJECTS = ['alice@example.com', 'user-42'];

for (const { way, port } of WAYS) {
  t.test(`${way}: an erasure check names what is left, and the call that removes it`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox();
    const { clean, residues } = await sandbox.erasureCheck(SUBJECTS);
    t.notOk(clean);
    t.ok(residues.some(({ erasableBy }) => erasableBy === `DELETE /conductor/v1/end-users/${ALICE}`));
    await sandbox.replaceState({ proficient: {}, pagecall: {}, conductor: {} });
    t.match(await sandbox.erasureCheck(SUBJECTS), { clean: true, subjects: SUBJECTS, residues: [] });
    await requestAlice(understudy, sandbox, 'GET');
    const everywhere = await sandbox.erasureCheck(ALICE, { include: ['state', 'journal'] });
    t.match(everywhere, { clean: false, residues: [{ provider: 'understudy', resource: 'requests' }] });
  });

  t.test(`${way}: a test says that somebody is erased, and hears what is left if not`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox('erased');
    await requestAlice(understudy, sandbox);
    await understudy.fetch(`${sandbox.pagecall.baseUrl}/users/user-42`, {
      method: 'DELETE',
      headers: keyed(sandbox.pagecall.apiKey),
    });
    const error = await sandbox.assertErased('alice@example.com').then(
      () => t.fail('she is not'),
      (error) => error,
    );
    t.ok(error instanceof NotErasedError);
    const { result, message } = error as NotErasedError;
    t.match(result, { clean: false, linked: [{}, { value: 'user-42' }, {}, {}], residues: { length: 18 } });
    const lines = message.replace(/, \d{4}-[\d-]+T[\d:.]+Z\)$/gm, ', …)').split('\n');
    t.strictSame(
      lines.filter((line) => !/^ {2}proficient (messages|interactions)/.test(line)),
      [
        'Not erased in sandbox erased.',
        `left: 18 residues of alice@example.com (${ROWS - 8} rows in ${RESOURCES} resources)`,
        '  proficient users u_Alice0000000000000000042: id (linked), external_id (linked)',
        'linked identities, also searched:',
        '  66d57404055f7121b3af7856 (id of pagecall users user-42, …)',
        '  user-42 (user_id of pagecall users user-42, …)',
        '  end_usr_alice000000042 (id of conductor endUsers end_usr_alice000000042, …)',
        '  u_Alice0000000000000000042 (id of proficient users u_Alice0000000000000000042, …)',
        'requests that remove them, in order:',
        '  DELETE /proficient/users/u_Alice0000000000000000042',
      ],
    );
    t.match(await sandbox.assertErased('alice@example.com', { linked: false }), { clean: true, linked: false });
    await sandbox.replaceState({ proficient: {} });
    t.match(await sandbox.assertErased(SUBJECTS), { clean: true, subjects: SUBJECTS });
  });
}
