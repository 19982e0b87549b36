// `understudy start`: runs the server. Everything the server needs is loaded only here.
import { action, type Command } from '../definition.ts';
import { SETTINGS } from '../settings.ts';

export const start: Command = {
  name: 'start',
  summary: 'Run the sandbox server (the default command)',
  actions: [
    action({
      name: '',
      summary: 'Run the sandbox server until it receives SIGINT or SIGTERM',
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
};
