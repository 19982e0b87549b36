// `understudy clients`: what the clients of a sandbox did with failures, judged by the requests in its journal.
import type { AttemptedCall, ClientVerdict } from '../../control/schemas.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { writeTable } from '../table.ts';
import { ControlClient, SANDBOX_SETTINGS } from './control-client.ts';

export const clients: Command = {
  name: 'clients',
  alias: 'client',
  summary: 'Judge what clients did with failures: retries, waits, repeated creates and deletes',
  actions: [
    action({
      name: '',
      summary: 'Judge the clients of a sandbox by the requests in its journal',
      settings: SANDBOX_SETTINGS,
      exit: { yes: 'they follow every rule', no: 'they break one' },
      run: judge,
    }),
  ],
  examples: ['understudy clients --sandbox worker-3'],
};

async function judge(call: Call<typeof SANDBOX_SETTINGS>): Promise<number> {
  const client = new ControlClient(call);
  const judged = await client.send<{ verdicts: ClientVerdict[]; calls: AttemptedCall[] }>('GET', '/clients');
  const passed = judged.verdicts.every((verdict) => verdict.passed !== false);
  if (client.wroteJson(judged)) return passed ? EXIT.yes : EXIT.no;
  const { out } = call.shell;
  writeTable(
    out,
    ['VERDICT', 'RULE', 'OPERATION', 'WHAT', 'REQUESTS'],
    judged.verdicts.map(({ passed, rule, operation, detail, requests }) => [
      passed === null ? 'unclear' : passed ? 'passed' : 'failed',
      rule,
      operation,
      detail,
      requests.join(' '),
    ]),
  );
  const retried = judged.calls.filter(({ requests }) => requests.length > 1);
  if (retried.length > 0) {
    out.write('\n');
    writeTable(
      out,
      ['CALL', 'STATUSES', 'WAITS (MS)'],
      retried.map(({ operation, url, statuses, waitsMs }) => [
        `${operation} ${url}`,
        statuses.map((status) => status ?? 'none').join(' '),
        waitsMs.join(' '),
      ]),
    );
  }
  return passed ? EXIT.yes : EXIT.no;
}
