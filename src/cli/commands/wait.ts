// `understudy wait`: waits until a server is healthy, or until a timeout.
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { Progress, withProgress } from '../progress.ts';
import { setting, wholeNumber } from '../values.ts';
import { CLIENT_SETTINGS, originsOf, SERVER_SETTINGS } from './control-client.ts';

/** The pause between two checks, in ms. */
const PAUSE = 100;

export const timeoutSetting = setting({
  value: 'seconds',
  fallback: 30,
  read: wholeNumber(0, 3600),
  help: 'how long to wait at most',
});

const SETTINGS = { timeout: timeoutSetting, ...SERVER_SETTINGS, json: CLIENT_SETTINGS.json } as const;

export const wait: Command = {
  name: 'wait',
  summary: 'Wait until the server is healthy',
  actions: [
    action({
      name: '',
      summary: 'Wait until the server is healthy; exits 0 as soon as it is',
      settings: SETTINGS,
      exit: { yes: 'it is healthy', no: 'the wait timed out' },
      run: waitFor,
    }),
  ],
  examples: ['understudy wait --timeout 10', 'understudy wait --url http://understudy:4010'],
};

async function waitFor(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, shell } = call;
  const { timeout, json } = config;
  const url = `${originsOf(call).control}/__admin/health`;
  const progress = new Progress(shell, json);
  const response = await withProgress(
    progress,
    `waiting at most ${timeout} s for ${url}`,
    healthy(url, timeout * 1000),
  );
  if (response === undefined) {
    shell.err.write(`understudy: No healthy server at ${url} within ${timeout} s.\n`);
    return EXIT.no;
  }
  if (json) shell.out.write(`${response}\n`);
  return EXIT.yes;
}

/** The body of the health response; undefined after the timeout. */
async function healthy(url: string, timeout: number): Promise<string | undefined> {
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(Math.ceil(Math.max(1, deadline - performance.now())) + 1000),
      });
      if (response.ok) return await response.text();
    } catch {
      // It does not listen yet.
    }
    if (performance.now() >= deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
