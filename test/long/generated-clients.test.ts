// Clients that other people's generators make of the served documents: they compile under strict, and call the server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import openapiTypes, { astToString } from 'openapi-typescript';
import { generateApi } from 'swagger-typescript-api';
import t from 'tap';
import ts from 'typescript';
import { listening } from '../harness.ts';
import { larger } from '../published/larger.ts';

/** What is generated is compiled as a strict project of its own would compile it. */
const STRICT: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  skipLibCheck: true,
};

/** Each writes TypeScript for the document in a file into a folder; the file that is the client's entry. */
const GENERATORS: Readonly<Record<string, (file: string, folder: string) => Promise<string>>> = {
  'openapi-typescript': async (file, folder) => {
    const place = join(folder, 'types.ts');
    writeFileSync(place, astToString(await openapiTypes(pathToFileURL(file))));
    return place;
  },
  'swagger-typescript-api': async (file, folder) => {
    await generateApi({ input: file, output: folder, fileName: 'api.ts', silent: true });
    return join(folder, 'api.ts');
  },
  '@hey-api/openapi-ts': async (file, folder) => {
    await createClient({ input: file, output: folder, logs: { level: 'silent' } });
    return join(folder, 'index.ts');
  },
};

t.test('three generators make clients of all five served documents that compile under strict', async (t) => {
  const { url } = await listening(t);
  const withContract = await larger(t);
  const documents = {
    control: `${url}/__admin/openapi.json`,
    proficient: `${url}/__admin/openapi/proficient.json`,
    pagecall: `${url}/__admin/openapi/pagecall.json`,
    conductor: `${url}/__admin/openapi/conductor.json`,
    'conductor with --contract': `${withContract.url}/__admin/openapi/conductor.json`,
  };
  const folder = t.testdir({});
  for (const [name, address] of Object.entries(documents)) {
    const document = join(folder, `${name}.json`);
    writeFileSync(document, await (await fetch(address)).text());
    for (const [generator, generate] of Object.entries(GENERATORS)) {
      const place = join(folder, name, generator);
      mkdirSync(place, { recursive: true });
      t.strictSame(complaints(await generate(document, place)), [], `${generator} ${name}`);
    }
  }
  const client = join(folder, 'conductor', 'swagger-typescript-api', 'api');
  writeFileSync(`${client}.mjs`, ts.transpile(ts.sys.readFile(`${client}.ts`) as string, { ...STRICT, noEmit: false }));
  const { Api } = await import(pathToFileURL(`${client}.mjs`).href);
  const api = new Api({ baseApiParams: { headers: { authorization: 'Bearer sk_test' } } });
  const { status, data } = await api.endUsers.endUsersList();
  t.match([status, data.objectType], [200, 'list'], 'in Node, without being told where the server is');
  writeFileSync(join(folder, 'broken.ts'), 'export const n: number = "text";');
  t.equal(complaints(join(folder, 'broken.ts')).length, 1, 'the compiler can say no');
});

function complaints(entry: string): string[] {
  return ts
    .getPreEmitDiagnostics(ts.createProgram([entry], STRICT))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
