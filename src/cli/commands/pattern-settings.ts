// Which requests are meant: the words of a pattern as flags, the same for planned faults and for the journal.
import { setting, text, type Values, wholeNumber } from '../values.ts';

const word = (value: string, help: string) =>
  setting<string | null>({ value, fallback: null, flagOnly: true, read: text, help });

/** What a request can be told by before it is answered. */
export const REQUEST_PATTERN = {
  provider: word('name', 'requests to this provider'),
  operation: word('name', 'this operation, e.g. endUsers.delete'),
  method: word('method', 'this HTTP method'),
  path: word('glob', "this path below the provider's mount, e.g. '/end-users/*'"),
  id: word('id', 'this id in the path'),
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
    help: 'this request header; may be given several times',
  }),
  body: setting<object | null>({
    value: 'json',
    fallback: null,
    flagOnly: true,
    read: jsonObject,
    help: 'a JSON body that has at least these members',
  }),
} as const;

/** The same and the answer's status. */
export const PATTERN = {
  ...REQUEST_PATTERN,
  status: setting<number | null>({
    value: 'number',
    fallback: null,
    flagOnly: true,
    read: wholeNumber(100, 599),
    help: 'answered with this status',
  }),
} as const;

/** The pattern of answered requests that flags give, as the control plane takes it. */
export function answeredPatternOf(config: Values<typeof PATTERN>): Record<string, unknown> {
  const { status } = config;
  return { ...patternOf(config), ...(status === null ? {} : { status }) };
}

/** The pattern of requests that are yet to be answered. */
export function patternOf(config: Values<typeof REQUEST_PATTERN>): Record<string, unknown> {
  const { header, ...words } = config;
  const pattern = Object.entries(REQUEST_PATTERN).flatMap(([name]) => {
    const value = name === 'header' ? null : words[name as keyof typeof words];
    return value === null ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(pattern), ...(header.length === 0 ? {} : { header: Object.fromEntries(header) }) };
}

function jsonObject(given: string): object {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('takes a JSON object');
  return value;
}
