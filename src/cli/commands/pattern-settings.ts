// The flags of a request pattern, the same for planned faults, barriers and the journal; and a pattern as text.
import { flag, flagSwitch, setting, text, type Values } from '../values.ts';

/** What a request can be matched by before its response is known. */
export const REQUEST_PATTERN = {
  provider: flag('name', text, 'requests to this provider'),
  operation: flag('name', text, 'requests to this operation, e.g. endUsers.delete'),
  method: flag('method', text, 'requests with this HTTP method'),
  path: flag('glob', text, "requests to this path below the provider's mount, e.g. '/end-users/*'"),
  id: flag('id', text, 'requests with this id in the path'),
  header: setting<readonly [string, string][]>({
    value: 'name=value',
    fallback: [],
    flagOnly: true,
    repeatable: true,
    read(pair) {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new Error('takes <name>=<value>');
      return [[name, value]];
    },
    help: 'requests with this header; may be given several times',
  }),
  body: flag('json', jsonObject, 'requests with a JSON body that has at least these members'),
} as const;

/** The same and the status of the response. */
export const PATTERN = {
  ...REQUEST_PATTERN,
  status: flag(
    'number|class',
    statusOrClass,
    'requests whose client received this status, or one of this class, e.g. 2xx',
  ),
  'dry-run': flagSwitch('dry runs, which match only with this flag'),
} as const;

/** The pattern that flags give, as the control plane accepts it. */
export function patternOf(
  config: Values<typeof REQUEST_PATTERN> & Partial<Values<Pick<typeof PATTERN, 'status' | 'dry-run'>>>,
): Record<string, unknown> {
  const { header } = config;
  const pattern = Object.keys(PATTERN).flatMap((name) => {
    if (name === 'dry-run') return config['dry-run'] ? [['dryRun', true]] : [];
    const value = name === 'header' ? null : config[name as keyof typeof config];
    return value == null ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(pattern), ...(header.length === 0 ? {} : { header: Object.fromEntries(header) }) };
}

/** The members of a pattern, or of another part of a rule,, e.g. `status 503`. */
export function membersOf(part: object = {}): string {
  return Object.entries(part)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

function statusOrClass(given: string): number | string {
  if (!/^[1-5](\d\d|xx)$/.test(given)) throw new Error('takes a status from 100 to 599, or a class, as in 2xx');
  return given.endsWith('xx') ? given : Number(given);
}

/** A JSON object. @throws Error whose message continues the name of its setting */
export function jsonObject(given: string): object {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('takes a JSON object');
  return value;
}
