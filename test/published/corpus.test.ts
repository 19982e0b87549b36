// Every document of the corpus loads or is refused as it says, and its requests pass or are refused as it says.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readContracts } from '../../src/library/contracts.ts';
import { buildServer } from '../../src/server.ts';
import { type CorpusCase, type CorpusRequest, corpusCases } from './corpus-cases.ts';

for (const one of corpusCases()) {
  t.test(`${one.name}: ${one.kind}`, async (t) => {
    t.ok(
      [one.passes, one.refuses, one.unservable].some((part) => part !== undefined),
      'it asserts something',
    );
    const file = fileOf(t, one);
    const start = `--contract conductor=${file}, `;
    if (one.unservable !== undefined) {
      await t.rejects(readContracts([{ provider: 'conductor', file }]), { message: start + one.unservable });
      return;
    }
    const strict = readContracts([{ provider: 'conductor', file }], true);
    if (one.strict === undefined) await strict;
    else await t.rejects(strict, { message: start + one.strict });
    const contracts = await readContracts([{ provider: 'conductor', file }]);
    const app = buildServer({ contracts, checkAnswers: true });
    t.teardown(() => app.close());
    const send = async ({ request, headers = {}, body }: CorpusRequest) => {
      const [method, path] = request.split(/ (.*)/) as ['GET', string];
      const json = body !== undefined && typeof body !== 'string';
      const response = await app.inject({
        method,
        url: `/conductor/v1${path}`,
        headers: {
          host: 'localhost',
          authorization: 'Bearer sk_conductor_test',
          ...(json ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: json ? JSON.stringify(body) : (body as string) }),
      });
      const type = String(response.headers['content-type'] ?? '');
      return { ...response, body: /[/+]json\b/.test(type) && response.body !== '' ? response.json() : response.body };
    };
    for (const valid of one.passes ?? []) {
      const { statusCode, headers, body } = await send(valid);
      const status = valid.status ?? (statusCode < 300 ? statusCode : 200);
      t.equal(statusCode, status, `${valid.request}: ${statusCode === status ? '' : JSON.stringify(body)}`);
      if (valid.response !== undefined) t.strictSame(body, valid.response, valid.request);
      for (const [name, value] of Object.entries(valid.responseHeaders ?? {})) {
        t.equal(headers[name] ?? null, value, `${valid.request}: ${name}`);
      }
    }
    for (const invalid of one.refuses ?? []) {
      const { statusCode, body } = await send(invalid);
      t.strictSame(
        [statusCode, body?.error?.message],
        [invalid.status ?? 400, invalid.error],
        `${invalid.request} ${JSON.stringify(invalid.body)}`,
      );
    }
  });
}

function fileOf(t: Test, { document, text, extension = 'json' }: CorpusCase): string {
  const name = `contract.${extension}`;
  return join(t.testdir({ [name]: text ?? JSON.stringify(document) }), name);
}
