// `understudy start`: runs the server. What it takes to do so is loaded only when it is asked for.
import { action, type Command } from '../grammar.ts';
import { SETTINGS } from '../settings.ts';

export const start: Command = {
  name: 'start',
  summary: 'runs the sandbox server; what is meant when no command is named',
  actions: [
    action({
      name: '',
      argument: '',
      summary: 'runs the sandbox server until it is told to end',
      settings: SETTINGS,
      async run({ config, shell }) {
        const { startServer } = await import('../start.ts');
        return await startServer(config, shell);
      },
    }),
  ],
  examples: [
    'understudy start --port 4010',
    'understudy --data ./sandboxes --fixtures ./fixtures',
    'understudy --mount conductor=8080 --auth strict',
  ],
  exit: '0 it was told to end; 1 it cannot start; 2 a setting is wrong',
};
