// The served documents are the published ones: structure keyword by keyword, and every difference is listed with its
// reason.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { effectiveContract } from '../../src/core/openapi/overlay.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { type Difference, differences, digest, explains, structure, structureOfFacts } from '../contract/structure.ts';
import { ROOT, testServer } from '../harness.ts';

type Node = Record<string, any>;

const read = (file: string): Node => JSON.parse(readFileSync(file, 'utf8'));
const published = (name: string) => read(join(ROOT, 'openapi', `${name}.json`));

/** Differences that the document's own lists do not contain. */
function unlisted(found: readonly Difference[], served: Node): string[] {
  const entries = [
    ...served['x-understudy-additions'].map(({ where, what }: Node) => [where, what]),
    ...served['x-understudy-deviations'].flatMap(({ where, ours }: Node) => [
      [where, null],
      [where.slice(0, Math.max(where.lastIndexOf('.'), where.lastIndexOf('['))), ours],
    ]),
  ];
  return found
    .filter((one) => !entries.some(([where, what]) => explains(where, what, one)))
    .map(({ at, one, other }) => `${at.join(' / ')}: ${JSON.stringify(one)} became ${JSON.stringify(other)}`);
}

t.test('a served document differs from the published one only where it says so, and says why', async (t) => {
  const { call } = await testServer(t);
  for (const { name, operations } of PROVIDERS) {
    const { body } = await call('GET', `/__admin/openapi/${name}.json`);
    for (const { operation, path, method } of operations) {
      const described = body.paths[path]?.[method.toLowerCase()];
      t.ok(described?.summary && described?.description, `${operation} has a summary and a description`);
    }
    const found = differences(structure(published(name)), structure(body));
    t.ok(found.length > 20, `${name}: ${found.length} differences`);
    t.strictSame(unlisted(found, body), [], name);
    for (const { where, why } of [...body['x-understudy-additions'], ...body['x-understudy-deviations']])
      t.match(why, /^[A-Z].{20,}\.$/, `${name} ${where}`);
    // Differences that the list does not mention are found.
    const [path] = Object.keys(body.paths) as [string];
    const silent = structuredClone(body);
    silent['x-understudy-additions'].shift();
    t.not(unlisted(found, silent).length, 0, `${name}: an entry is missing`);
    silent['x-understudy-additions'] = body['x-understudy-additions'];
    const [verb] = Object.keys(silent.paths[path]) as [string];
    silent.paths[path][verb].parameters = [{ name: 'x', in: 'cookie' }];
    const more = differences(structure(published(name)), structure(silent));
    t.not(unlisted(more, silent).length, 0, `${name}: an unlisted parameter`);
  }
});

t.test('names, constants, formats, defaults and nulls come as they are published', async (t) => {
  const { call } = await testServer(t);
  const served = async (name: string) => (await call('GET', `/__admin/openapi/${name}.json`)).body;
  const conductor = await served('conductor');
  const created = conductor.paths['/end-users'].post;
  t.strictSame(Object.keys(created.responses[200].headers), ['Conductor-Request-Id']);
  t.equal(conductor.components.schemas.end_user.properties.objectType.const, 'end_user');
  t.notOk('operationId' in created, 'the published document names no operation');
  t.equal(created['x-understudy-operation'], 'endUsers.create');
  const proficient = await served('proficient');
  const text = JSON.stringify({ ...proficient, 'x-understudy-additions': [] });
  t.equal(text.match(/"format":"double"/g)?.length, 6);
  const parameters = Object.values(proficient.paths as Node)
    .flatMap((item) => Object.values(item as Node))
    .flatMap(({ parameters = [] }) => parameters);
  const behind = ({ $ref, ...own }: Node) => ({ ...proficient.components.schemas[String($ref).slice(21)], ...own });
  t.equal(parameters.filter(({ schema }: Node) => behind(schema).nullable).length, 6);
  for (const name of ['UserId', 'CreatedAt', 'AgentName', 'PaginationLimit'])
    t.ok(name in proficient.components.schemas, `${name} is a component of its own`);
  const pagecall = await served('pagecall');
  const { paths, components } = structure(published('pagecall'));
  t.equal(JSON.stringify({ paths, components }).match(/"default":/g)?.length, 9);
  t.equal(pagecall.components.schemas.CreateRoomRequest.properties.record.default, true);
  t.strictSame(pagecall.components.schemas.Room.required, ['id', 'type', 'name']);
  t.ok(pagecall.components.schemas.Room['x-understudy-always-sent'].includes('meeting_time'));
  t.strictSame(pagecall.paths['/users/{user_id}'].get.responses[200].content['application/json'].schema.required, [
    'user',
  ]);
});

/** Changed only together with what a provider publishes: see the comparison below. */
const DIGESTS: Readonly<Record<string, string>> = {
  proficient: '223954082e2027633a3c9b8bba2be24bf0bebe9fae6e4ed758ad6b137d4d93cc',
  pagecall: '81f066f3cea0f1c1f0ac227d235d76ea88b820b176ef36f011718489c6925b3f',
  conductor: 'be36c5313fcef82a7659836c99c42be27902be594801d7b2faa1282dd14b0f17',
};

t.test('openapi/ holds the published structure, to the letter', (t) => {
  for (const { name } of PROVIDERS) t.equal(digest(published(name)), DIGESTS[name], name);
  t.end();
});

const facts = process.env.CONTRACT_FACTS;

t.test(
  'openapi/ is what the contract facts say, keyword by keyword, but for the listed deviations',
  { skip: facts === undefined && 'CONTRACT_FACTS names no folder with *.contract.json' },
  (t) => {
    for (const { name } of PROVIDERS) {
      const parts = readdirSync(facts as string)
        .filter((file) => file.endsWith('.contract.json'))
        .map((file) => read(join(facts as string, file)))
        .filter(({ provider }) => provider === name)
        // Parts come after the whole.
        .sort((one, other) => Number('part' in one) - Number('part' in other));
      const told = structureOfFacts(parts);
      const found = differences(structure(published(name)), told);
      for (const { at, one, other } of found)
        t.comment(`${name} ${at.join(' / ')}: openapi/ ${JSON.stringify(one)}, facts ${JSON.stringify(other)}`);
      const contract = effectiveContract(join(ROOT, 'openapi', `${name}.json`));
      t.strictSame(unlisted(found, contract), [], `${name}: ${found.length} differences, each listed`);
    }
    t.end();
  },
);
