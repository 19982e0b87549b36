// Defaults of the control plane's bodies: a call without a body does what the same call with `{}` does.
import t from 'tap';
import { testServer } from '../harness.ts';

/** Requests to two sandboxes that differ in their names only, and the time that passed. */
const comparable = (value: unknown, sandbox: string) =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(sandbox, '<sandbox>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'),
  );

t.test('every call whose body is optional has the defaults of its body without one', async (t) => {
  const { call } = await testServer(t);
  const document = (await call('GET', '/__admin/openapi.json')).body;
  const seen: string[] = [];
  for (const [path, item] of Object.entries<any>(document.paths)) {
    const { requestBody, parameters = [] } = item.post ?? {};
    if (requestBody === undefined || requestBody.required !== false) continue;
    seen.push(path);
    const url = path.replace(/\{(\w+)\}/g, (_, name) => parameters.find((one: any) => one.name === name).example);
    const outcomes = [];
    for (const [sandbox, json] of [
      ['bodyless', undefined],
      ['withbody', {}],
    ] as const) {
      await call('POST', '/__admin/sandboxes', { json: { name: sandbox, settings: { seed: 'same' } } });
      await call('PUT', `/__admin/clock?sandbox=${sandbox}`, {
        json: { action: 'freeze', instant: '2026-01-01T00:00:00Z' },
      });
      const { status, body } = await call(
        'POST',
        path === '/__admin/sandboxes' ? url : `${url}?sandbox=${sandbox}`,
        json === undefined ? {} : { json },
      );
      const state = (await call('GET', `/__admin/state?sandbox=${sandbox}`)).body;
      outcomes.push(comparable({ status, body: path === '/__admin/sandboxes' ? null : body, state }, sandbox));
      await call('DELETE', `/__admin/sandboxes/${sandbox}`);
    }
    t.strictSame(outcomes[0], outcomes[1], path);
  }
  t.strictSame(
    ['/__admin/reset', '/__admin/sandboxes', '/__admin/conductor/end-users/{id}/connect'].filter(
      (path) => !seen.includes(path),
    ),
    [],
    'these take no body as well',
  );
});

t.test('connect without a body connects: a connection that was pending becomes active', async (t) => {
  const { call } = await testServer(t);
  const connect = (json?: object) =>
    call('POST', '/__admin/conductor/end-users/end_usr_1234567abcdefg/connect', json === undefined ? {} : { json });
  const health = () =>
    call('GET', '/conductor/v1/quickbooks-desktop/health-check', {
      headers: { authorization: 'Bearer sk_conductor_test', 'conductor-end-user-id': 'end_usr_1234567abcdefg' },
    });
  await connect({ state: 'pending' });
  t.match(await health(), { status: 409, body: { error: { code: 'INTEGRATION_CONNECTION_NOT_SET_UP' } } });
  t.equal((await connect()).status, 200);
  t.match(await health(), { status: 200 });
});
