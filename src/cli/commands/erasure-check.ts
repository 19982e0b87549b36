// `understudy erasure-check`: finds what is left of a person in a sandbox, and exits with 1 when anything is.
import type { ErasureResult, Receipt } from '../../control/schemas.ts';
import { PLACES, type Place } from '../../core/deletions/erasure-findings.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { printable } from '../page.ts';
import { choices, onOff, setting } from '../values.ts';
import { ControlClient, SANDBOX_SETTINGS } from './control-client.ts';
import { printResult, writeReport } from './erasure-output.ts';
import { type ReportFile, reportFile } from './report-file.ts';

const SETTINGS = {
  include: setting<readonly Place[]>({
    value: 'place',
    fallback: ['state'],
    repeatable: true,
    read: choices(...PLACES),
    help: `where to search: ${PLACES.join(', ')}; by default only state`,
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
  report: setting<ReportFile<'junit' | 'html'> | null>({
    value: 'junit|html> <file',
    fallback: null,
    read: reportFile('junit', 'html'),
    help: 'also write a report: --report junit report.xml, or --report html report.html',
  }),
  ...SANDBOX_SETTINGS,
} as const;

export const erasureCheck: Command = {
  name: 'erasure-check',
  summary: 'Find what is left of a person, and the calls that delete it',
  actions: [
    action({
      name: '',
      argument: '<subject...>',
      summary: 'Find what is left of the person with these names, addresses and ids',
      settings: SETTINGS,
      exit: { yes: 'nothing is left', no: 'something is left' },
      run: check,
    }),
  ],
  examples: [
    'understudy erasure-check alice@example.com user-42',
    'understudy erasure-check user-42 --include state,journal --sandbox worker-3',
    'understudy erasure-check user-42 --report junit erasure.xml',
  ],
};

async function check(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, words: subjects, shell } = call;
  const { include, contains, report } = config;
  const client = new ControlClient(call);
  const result = await client.send<ErasureResult>('POST', '/erasure-checks', {
    body: { subjects, include, contains, linked: !config['no-linked'] },
    doing: `searching for ${subjects.map(printable).join(', ')}`,
  });
  if (report !== null) {
    const { deletions } = await client.send<{ deletions: Receipt[] }>('GET', '/deletions?limit=1000');
    writeReport(report, { sandbox: config.sandbox ?? 'default', include, result, receipts: deletions });
  }
  if (!client.wroteJson(result)) printResult(shell.out, result);
  return result.clean ? EXIT.yes : EXIT.no;
}
