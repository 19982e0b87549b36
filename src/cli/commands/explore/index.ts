// `understudy explore`: runs a command once for every failure that could happen to its calls.
import type { Exploration } from '../../../explore/explore.ts';
import type { ExploredRun } from '../../../explore/explored-run.ts';
import { DEFAULTS, type Options } from '../../../explore/options.ts';
import { VERDICT_NAMES, type Verdict } from '../../../explore/verdict.ts';
import { action, type Call, type Command } from '../../definition.ts';
import { EXIT, UsageError } from '../../failures.ts';
import { Progress, withProgress } from '../../progress.ts';
import { SETTINGS } from '../../settings.ts';
import { choices, flag, flagSwitch, setting, text, wholeNumber } from '../../values.ts';
import { CLIENT_SETTINGS } from '../control-client.ts';
import { checkReportFile, type ReportFile, reportFile } from '../report-file.ts';

const words = (value: string, help: string) =>
  setting<readonly string[]>({
    value,
    fallback: [],
    flagOnly: true,
    repeatable: true,
    read: (list) =>
      text(list)
        .split(',')
        .map((word) => word.trim()),
    help,
  });

const EXPLORING = {
  only: words('names', 'only these providers, operations, failures, statuses or phases, e.g. endUsers.delete,reset'),
  skip: words('names', 'leave these out'),
  'max-runs': setting({
    value: 'number',
    fallback: DEFAULTS.maxRuns,
    flagOnly: true,
    read: wholeNumber(1, 1_000_000),
    help: 'how many runs at most; of more, a sample that has every operation with every failure first',
  }),
  seed: setting({
    value: 'text',
    fallback: DEFAULTS.seed,
    flagOnly: true,
    read: text,
    help: 'decides the sample and all generated ids',
  }),
  jobs: flag(
    'number',
    wholeNumber(1, 256),
    'how many runs at a time; by default one for each processor, and beside them runs of a short command that only wait',
  ),
  'time-limit': flag(
    'seconds',
    wholeNumber(1, 86_400),
    'how long a run may take; by default five times as long as without a fault, at least 12',
  ),
  subject: words('names', 'a person, by names, addresses and ids; reports say what is left of them'),
  races: flagSwitch('also let another client call at the same time, just before and just after each call'),
  repeat: flag('id', text, 'make only this run of an earlier exploration'),
  'fail-on': setting<readonly Verdict[]>({
    value: 'verdicts',
    fallback: ['half-done', 'hung', 'crashed'],
    flagOnly: true,
    read: choices(...VERDICT_NAMES),
    help: 'the verdicts that make it exit with 1; half-done,hung,crashed by default',
  }),
  report: setting<readonly ReportFile<'junit' | 'html' | 'markdown'>[]>({
    value: 'junit|html|markdown> <file',
    fallback: [],
    flagOnly: true,
    repeatable: true,
    read: (value) => [reportFile('junit', 'html', 'markdown')(value)],
    help: 'also write a report, e.g. --report html explored.html; may be given several times',
  }),
  fixtures: { ...SETTINGS.fixtures, help: 'folder with your own rows, for the server that explore starts' },
  contract: {
    ...SETTINGS.contract,
    help: 'a fuller OpenAPI document of a provider, for the server that explore starts',
  },
  url: { ...CLIENT_SETTINGS.url, help: 'URL of a running server; by default explore starts one for itself' },
  'admin-token': CLIENT_SETTINGS['admin-token'],
  json: { ...CLIENT_SETTINGS.json, help: 'print the runs as JSON' },
} as const;

export const explore: Command = {
  name: 'explore',
  summary: 'Find what a command does not survive: run it once for every failure of each of its calls',
  actions: [
    action({
      name: '',
      argument: '<command...>',
      summary: 'Run a command, such as a test, once for every failure that could happen to each of its calls',
      settings: EXPLORING,
      exit: { yes: 'no run has a verdict of --fail-on', no: 'one has' },
      run,
    }),
  ],
  examples: [
    'understudy explore -- npm test',
    'understudy explore --report html explored.html -- npm test',
    'understudy explore --races --only race -- node delete-account.js',
    'understudy explore --only DeleteUser,reset --subject alice@example.com -- node delete-account.js',
  ],
};

async function run({ config, words, shell }: Call<typeof EXPLORING>): Promise<number> {
  // The server and the providers are loaded only here, because that takes time.
  const { openServer } = await import('./server.ts');
  const { exploreCommand } = await import('./command.ts');
  const { writeResult } = await import('./output.ts');
  for (const { path } of config.report) checkReportFile(path);
  const server = await openServer(config);
  const progress = new Progress(shell, config.json);
  const stop = new AbortController();
  const release = shell.onInterrupt?.(() => stop.abort(new UsageError('Interrupted.')));
  const runs: ExploredRun[] = [];
  try {
    const options = optionsOf(config);
    const exploring = exploreCommand(server.control, words, shell.environment, options, stop.signal);
    const exploration = await withProgress(progress, 'two runs without a fault', exploring);
    const failed = await collect(exploration, runs, progress).catch((error: Error) => error);
    progress.end();
    // Also of the runs that ended before an interruption.
    const { baseline, planned, possible } = exploration;
    const report = {
      ...{ command: words, seed: options.seed, options: repeated(config) },
      ...{ baseline, planned: planned.length, possible, runs, failOn: config['fail-on'] },
    };
    writeResult(shell.out, report, config);
    if (failed instanceof Error) throw failed;
    return runs.some(({ verdict }) => config['fail-on'].includes(verdict)) ? EXIT.no : EXIT.yes;
  } finally {
    release?.();
    await server.close();
  }
}

/** Makes the runs, and adds their results to a list. */
async function collect(
  { planned, ...exploration }: Exploration,
  runs: ExploredRun[],
  progress: Progress,
): Promise<void> {
  for await (const run of exploration.runs()) {
    runs.push(run);
    const left = timeLeft(progress.seconds, runs.length, planned.length);
    progress.show(`${runs.length} of ${planned.length} runs, ${left}`);
  }
}

/** What a run depends on besides its seed, as `--repeat` needs it. */
function repeated(config: Call<typeof EXPLORING>['config']): string[] {
  const given: [flag: string, value: string | null][] = [
    ['--time-limit', config['time-limit']?.toString() ?? null],
    ...config.subject.map((name): [string, string] => ['--subject', name]),
    ['--fixtures', config.fixtures],
    ...config.contract.map(({ provider, file }): [string, string] => ['--contract', `${provider}=${file}`]),
    ['--url', config.url],
  ];
  return given.flatMap(([flag, value]) => (value === null ? [] : [flag, value]));
}

function timeLeft(seconds: number, done: number, total: number): string {
  return `about ${Math.ceil((seconds / done) * (total - done))} s left`;
}

function optionsOf(config: Call<typeof EXPLORING>['config']): Options {
  const { seed, jobs, only, skip, subject, races, repeat } = config;
  const limit = config['time-limit'];
  return {
    seed,
    jobs,
    timeLimitMs: limit === null ? null : limit * 1000,
    only,
    skip,
    maxRuns: config['max-runs'],
    subjects: subject,
    races,
    repeat,
  };
}
