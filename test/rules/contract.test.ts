// The code and the contracts describe the same API, and the comparison detects differences.
import t from 'tap';
import { effectiveContract } from '../../src/core/openapi/overlay.ts';
import type { Contract } from '../../src/core/provider/contract.ts';
import type { Operation } from '../../src/core/provider/provider.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { canonical } from '../contract/canonical.ts';
import { checkAnswer, tableFor } from '../contract/checker.ts';
import { documentOfRoutes } from '../contract/routes-document.ts';

type Node = Record<string, any>;

const contractOf = (name: string): Contract =>
  effectiveContract(new URL(`../../openapi/${name}.json`, import.meta.url));

t.test('what the code takes and sends is what openapi/ says', (t) => {
  for (const provider of PROVIDERS) {
    const contract = contractOf(provider.name);
    const statuses = ({ path, method }: Operation) =>
      Object.keys(contract.paths[path]?.[method.toLowerCase()]?.responses ?? {}).map(Number);
    const ours = canonical(documentOfRoutes(provider, statuses));
    const published = canonical(contract as never);
    t.same(
      Object.values(published)
        .map(({ operationId }) => operationId)
        .sort(),
      [...provider.operations.map(({ operation }) => operation), ...provider.absent].sort(),
      `${provider.name}: every published operation is implemented or marked absent`,
    );
    for (const [name, operation] of Object.entries(published)) {
      if (provider.absent.includes(String(operation.operationId))) {
        t.notOk(name in ours, `${provider.name} ${name} is absent and not described`);
      } else t.strictSame(ours[name], operation, `${provider.name} ${name}`);
    }
    t.same(
      Object.keys(ours).filter((name) => !(name in published)),
      [],
      `${provider.name} describes nothing beyond the contract`,
    );
  }
  t.end();
});

/** Each mutation changes one structural detail of the document; returns false when it finds none to change. */
const MUTATIONS: Record<string, (document: Node) => boolean> = {
  'a path is renamed': (document) => {
    const [path] = Object.keys(document.paths) as [string];
    document.paths[`${path}-x`] = document.paths[path];
    return delete document.paths[path];
  },
  'a method is changed': (document) =>
    firstItem(document, (item, method) => {
      item.patch = item[method];
      return delete item[method];
    }),
  'an operationId is changed': (document) =>
    firstOperation(document, (operation) => Boolean((operation.operationId = 'another'))),
  'a parameter is dropped': (document) =>
    firstOperation(document, ({ parameters }) => parameters?.length > 0 && parameters.splice(0, 1).length === 1),
  'a parameter becomes optional': (document) =>
    firstOperation(document, ({ parameters = [] }) =>
      parameters.some((one: Node) => one.required && (one.required = false) === false),
    ),
  'a parameter moves to another location': (document) =>
    firstOperation(document, ({ parameters = [] }) => parameters.some((one: Node) => Boolean((one.in = 'cookie')))),
  'a body changes between required and optional': (document) =>
    firstOperation(
      document,
      ({ requestBody }) =>
        requestBody !== undefined && Boolean(Object.assign(requestBody, { required: !requestBody.required })),
    ),
  'a status is dropped': (document) =>
    firstOperation(document, ({ responses }) => delete responses[Object.keys(responses).at(-1) as string]),
  'a status is added': (document) =>
    firstOperation(document, ({ responses }) => Boolean((responses['418'] = responses['200']))),
  'a type is changed': (document) =>
    firstSchema(document, (schema) => schema.type === 'string' && Boolean((schema.type = 'boolean'))),
  'a required field becomes optional': (document) =>
    firstSchema(document, ({ required }) => Array.isArray(required) && required.length > 0 && Boolean(required.pop())),
  'an optional field becomes required': (document) =>
    firstSchema(
      document,
      (schema) =>
        schema.properties !== undefined && Boolean((schema.required = [...(schema.required ?? []), 'another'])),
    ),
  'a field is added': (document) =>
    firstSchema(
      document,
      ({ properties }) => properties !== undefined && Boolean((properties.another = { type: 'string' })),
    ),
  'an enumeration grows': (document) =>
    firstSchema(document, (schema) =>
      Array.isArray(schema.enum)
        ? Boolean(schema.enum.push('another'))
        : schema.const !== undefined && Boolean((schema.const = 'another')),
    ),
  'a format is changed': (document) =>
    firstSchema(
      document,
      (schema) => schema.type === 'string' && schema.enum === undefined && Boolean((schema.format = 'ipv6')),
    ),
  'an object is closed or opened': (document) =>
    firstSchema(
      document,
      (schema) =>
        schema.type === 'object' &&
        schema.properties !== undefined &&
        Boolean(Object.assign(schema, { additionalProperties: schema.additionalProperties === false })),
    ),
  'a null is allowed': (document) =>
    firstSchema(document, (schema) =>
      schema.type === 'integer' || schema.type === 'boolean' ? Boolean((schema.nullable = true)) : false,
    ),
};

t.test('the comparison detects every kind of change', async (t) => {
  for (const { name } of PROVIDERS) {
    const whole = contractOf(name);
    // Of a large contract the first paths have everything that is changed.
    const contract = { ...whole, paths: Object.fromEntries(Object.entries(whole.paths).slice(0, 20)) };
    const before = JSON.stringify(canonical(contract as never));
    for (const [change, mutate] of Object.entries(MUTATIONS)) {
      const copy = structuredClone(contract) as Node;
      t.ok(mutate(copy), `${name}: the mutation applies: ${change}`);
      t.ok(JSON.stringify(canonical(copy)) !== before, `${name}: detected: ${change}`);
    }
  }
});

const breach = { name: 'ContractBreach' };

t.test('the response check rejects everything outside the contract', async (t) => {
  for (const { name, mount, base } of PROVIDERS) {
    const contract = contractOf(name);
    const [path, item] = Object.entries(contract.paths).find(([, item]) => item.get !== undefined) as [string, Node];
    const url = mount + base + path.replace(/\{\w+\}/g, 'x');
    const required = Object.keys(item.get.responses['200'].headers ?? {});
    const seen = {
      method: 'GET',
      url,
      status: 418,
      headers: {
        'content-type': 'application/json',
        ...Object.fromEntries(required.map((header) => [header.toLowerCase(), 'x'])),
      },
      body: '{}',
    };
    t.throws(() => checkAnswer(seen), breach, `${name}: an undeclared status`);
    t.throws(
      () => checkAnswer({ ...seen, status: 200, body: '{"something":"else"}' }),
      breach,
      `${name}: another body`,
    );
    t.throws(
      () => checkAnswer({ ...seen, status: 500, headers: { ...seen.headers, 'content-type': 'text/plain' } }),
      breach,
      `${name}: another content type`,
    );
    const altered = structuredClone(contract) as Node;
    delete altered.paths[path].get.responses['500'];
    t.throws(
      () => checkAnswer({ ...seen, status: 500 }, [tableFor(mount, base, altered as Contract)]),
      breach,
      `${name}: a status taken out of the contract`,
    );
  }
});

function firstItem(document: Node, change: (item: Node, method: string) => boolean): boolean {
  return Object.values(document.paths as Node).some((item) => Object.keys(item).some((method) => change(item, method)));
}

function firstOperation(document: Node, change: (operation: Node) => boolean): boolean {
  return firstItem(document, (item, method) => change(item[method]));
}

/** Visits the schemas that operations refer to; unused components are ignored. */
function firstSchema(document: Node, change: (schema: Node) => boolean): boolean {
  const seen = new Set<unknown>();
  const visit = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return false;
    seen.add(node);
    const schema = node as Node;
    if (typeof schema.$ref === 'string') {
      return visit(
        schema.$ref
          .slice(2)
          .split('/')
          .reduce<any>((at, key) => at[key], document),
      );
    }
    const looksLikeSchema = 'type' in schema || 'properties' in schema || 'enum' in schema || 'const' in schema;
    if (looksLikeSchema && typeof schema.type !== 'object' && change(schema)) return true;
    return Object.entries(schema).some(([key, value]) => key !== 'example' && key !== 'default' && visit(value));
  };
  return firstOperation(document, (operation) => visit(operation.responses) || visit(operation.requestBody));
}
