// `understudy requests`: lists, follows, counts, verifies and awaits the requests of a sandbox.
import type { Command } from '../../definition.ts';
import { CLEAR, COUNT, VERIFY, WAIT } from './expecting.ts';
import { LIST } from './list.ts';

export const requests: Command = {
  name: 'requests',
  alias: 'request',
  summary: 'List the last requests of a sandbox, follow, count, verify and await them',
  actions: [LIST, COUNT, VERIFY, WAIT, CLEAR],
  examples: [
    'understudy requests verify --operation endUsers.delete --status 200 --count 1',
    'understudy requests list --provider conductor --status 2xx --limit 20',
    'understudy requests list --follow --json',
    `understudy requests count --method DELETE --path '/users/*'`,
    'understudy requests wait --operation DeleteUser --count 3 --timeout 10',
    'understudy requests clear',
  ],
};
