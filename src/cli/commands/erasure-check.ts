// `understudy erasure-check`: asks a running server what is left of a person, prints it, and fails when anything is.
import type { ErasureResult, Receipt } from '../../control/schemas.ts';
import { PLACES, type Place } from '../../core/deletions/erasure-findings.ts';
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { printable } from '../page.ts';
import { choices, onOff, setting } from '../values.ts';
import { ASKING_ONE, Asking } from './asking.ts';
import { printResult, type ReportFile, reportFile, writeReport } from './erasure-output.ts';

const SETTINGS = {
  include: setting<readonly Place[]>({
    value: 'place',
    fallback: ['state'],
    repeatable: true,
    read: choices(...PLACES),
    help: `where to search: ${PLACES.join(', ')}; by default state alone`,
  }),
  'no-linked': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'search only for the given subjects, not for identities linked to them',
  }),
  contains: setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'also list matches inside longer identifiers; they do not change the exit code',
  }),
  report: setting<ReportFile | null>({
    value: 'junit|html> <file',
    fallback: null,
    read: reportFile,
    help: 'also write a report: --report junit report.xml, or --report html report.html',
  }),
  ...ASKING_ONE,
} as const;

export const erasureCheck: Command = {
  name: 'erasure-check',
  summary: 'finds whatever is left of a person, and the calls that remove it',
  actions: [
    action({
      name: '',
      argument: '<subject>…',
      summary: 'looks for these names, addresses and ids',
      settings: SETTINGS,
      run: check,
    }),
  ],
  examples: [
    'understudy erasure-check alice@example.com user-42',
    'understudy erasure-check user-42 --include state,journal --sandbox worker-3',
    'understudy erasure-check user-42 --report junit erasure.xml',
  ],
  exit: '0 nothing is left; 1 something is; 2 that could not be found out',
};

async function check(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, words: subjects, shell } = call;
  const { include, contains, report } = config;
  const asking = new Asking(call);
  const result = await asking.ask<ErasureResult>('POST', '/erasure-checks', {
    body: { subjects, include, contains, linked: !config['no-linked'] },
    what: `looking for what is left of ${subjects.map(printable).join(', ')}`,
  });
  if (report !== null) {
    const { deletions } = await asking.ask<{ deletions: Receipt[] }>('GET', '/deletions?limit=1000');
    writeReport(report, { sandbox: config.sandbox ?? 'default', include, result, receipts: deletions });
  }
  if (!asking.wroteJson(result)) printResult(shell.out, result);
  return result.clean ? EXIT.done : EXIT.no;
}
