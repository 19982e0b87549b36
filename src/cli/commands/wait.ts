// `understudy wait`: ends as soon as a server is healthy, or when it was not in time.
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { Progress, telling } from '../progress.ts';
import { setting, wholeNumber } from '../values.ts';
import { ASKING, originsOf, WHERE } from './asking.ts';

/** How long to wait between two looks, in ms. */
const PAUSE = 100;

export const timeoutSetting = setting({
  value: 'seconds',
  fallback: 30,
  read: wholeNumber(0, 3600),
  help: 'how long to wait at most',
});

const SETTINGS = { timeout: timeoutSetting, ...WHERE, json: ASKING.json } as const;

export const wait: Command = {
  name: 'wait',
  summary: 'ends well as soon as the server is healthy',
  actions: [
    action({
      name: '',
      argument: '',
      summary: 'waits for a server that is starting',
      settings: SETTINGS,
      run: waitFor,
    }),
  ],
  examples: ['understudy wait --timeout 10', 'understudy wait --url http://understudy:4010'],
  exit: '0 it is healthy; 1 it was not in time',
};

async function waitFor(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, shell } = call;
  const { timeout, json } = config;
  const url = `${originsOf(call).control}/__admin/health`;
  const progress = new Progress(shell, json);
  const answer = await telling(progress, `waiting at most ${timeout} s for ${url}`, healthy(url, timeout * 1000));
  if (answer === undefined) {
    shell.err.write(`understudy: nothing healthy at ${url} within ${timeout} s.\n`);
    return EXIT.no;
  }
  if (json) shell.out.write(`${answer}\n`);
  return EXIT.done;
}

/** The text of its healthy answer; undefined when there was none in time. */
async function healthy(url: string, patience: number): Promise<string | undefined> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      const answer = await fetch(url, {
        signal: AbortSignal.timeout(Math.ceil(Math.max(1, deadline - performance.now())) + 1000),
      });
      if (answer.ok) return await answer.text();
    } catch {
      // Not there yet: that is what we wait for.
    }
    if (performance.now() >= deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
