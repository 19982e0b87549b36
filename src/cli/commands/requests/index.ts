// `understudy requests`: what reached a sandbox, and whether that is what a test expects.
import type { Command } from '../../grammar.ts';
import { CLEAR, COUNT, VERIFY, WAIT } from './expecting.ts';
import { LIST } from './list.ts';

export const requests: Command = {
  name: 'requests',
  summary: 'lists the last requests of a sandbox, follows them, counts, verifies and awaits them',
  actions: [LIST, COUNT, VERIFY, WAIT, CLEAR],
  examples: [
    'understudy requests verify --operation endUsers.delete --status 200 --count 1',
    'understudy requests --provider conductor --limit 20',
    'understudy requests --follow --json',
    `understudy requests count --method DELETE --path '/users/*'`,
    'understudy requests wait --operation DeleteUser --count 3 --timeout 10',
  ],
  exit: '0 done, or as many as expected; 1 not as many; 2 that could not be found out',
};
