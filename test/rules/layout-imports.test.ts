// Import rules: the rooms of core in layers, the parts of src around it, no cycles.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SOURCES } from '../harness.ts';
import { circles, importsOf, violations } from './import-graph.ts';

const sources = new Map(
  readdirSync(join(SOURCES, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => [`src/${name}`, readFileSync(join(SOURCES, 'src', name), 'utf8')]),
);

const edges = importsOf(sources);

/** The imports of a copy of src in which one file has an additional first line. */
const withLine = (file: string, line: string) => {
  const text = sources.get(file);
  if (text === undefined) throw new Error(`there is no ${file}`);
  return [...edges.filter(({ from }) => from !== file), ...importsOf(new Map([[file, `${line}\n${text}`]]))];
};

t.test('every import of src points down or is one of the types that may point up', async (t) => {
  t.ok(edges.length > 500, 'the imports are read');
  t.strictSame(violations(edges), []);
});

t.test('there are no import cycles, types included', async (t) => {
  t.strictSame(circles(edges), []);
});

t.test('a forbidden import is detected, as a value and as a type', async (t) => {
  const cases: [file: string, line: string, found: string[]][] = [
    [
      'src/core/journal/journal.ts',
      "import { Sandbox } from '../sandbox/sandbox.ts';",
      ['src/core/journal/journal.ts imports a value of src/core/sandbox/sandbox.ts'],
    ],
    [
      'src/core/journal/journal.ts',
      "import type { Sandbox } from '../sandbox/sandbox.ts';",
      ['src/core/journal/journal.ts imports a type of src/core/sandbox/sandbox.ts'],
    ],
    [
      'src/core/faults/choose-fault.ts',
      "import { Sandbox } from '../sandbox/sandbox.ts';",
      ['src/core/faults/choose-fault.ts imports a value of src/core/sandbox/sandbox.ts'],
    ],
    [
      'src/core/faults/choose-fault.ts',
      "import { type Sandbox as Other } from '../sandbox/sandboxes.ts';",
      ['src/core/faults/choose-fault.ts imports a type of src/core/sandbox/sandboxes.ts'],
    ],
    [
      'src/core/problem.ts',
      "export type { Database } from './storage/database.ts';",
      ['src/core/problem.ts imports a type of src/core/storage/database.ts'],
    ],
    [
      'src/core/sandbox/sandbox.ts',
      "const document = await import('../openapi/document.ts');",
      ['src/core/sandbox/sandbox.ts imports a value of src/core/openapi/document.ts'],
    ],
    [
      'src/core/http/call.ts',
      "let provider: import('../../providers/index.ts').PROVIDERS;",
      ['src/core/http/call.ts imports a type of src/providers/index.ts'],
    ],
    [
      'src/providers/pagecall/users.ts',
      "import { SCHEMA } from '../conductor/schema.ts';",
      ['src/providers/pagecall/users.ts imports a value of src/providers/conductor/schema.ts'],
    ],
    ['src/control/state.ts', "import '../server.ts';", ['src/control/state.ts imports a value of src/server.ts']],
    [
      'src/dashboard/model/resource-tree.ts',
      "import { Problem } from '../../core/problem.ts';",
      ['src/dashboard/model/resource-tree.ts imports a value of src/core/problem.ts'],
    ],
    [
      'src/explore/plan.ts',
      "import { listOf } from '../control/schemas.ts';",
      ['src/explore/plan.ts imports a value of src/control/schemas.ts'],
    ],
    [
      'src/library/fetch.ts',
      "import { start } from '../cli/start.ts';",
      ['src/library/fetch.ts imports a value of src/cli/start.ts'],
    ],
  ];
  for (const [file, line, found] of cases) t.strictSame(violations(withLine(file, line)), found, line);
});

t.test('an import that closes a cycle is detected, as a value and as a type', async (t) => {
  const circle = [['src/core/storage/database-file.ts', 'src/core/storage/database.ts']];
  for (const word of ['import', 'import type'])
    t.strictSame(
      circles(withLine('src/core/storage/database-file.ts', `${word} { Database } from './database.ts';`)),
      circle,
    );
});
