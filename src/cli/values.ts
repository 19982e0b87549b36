// Parses the text of a setting into its value, or throws the end of the sentence that refuses it.
// Every command loads this file: it imports nothing slow, above all not the providers.
import { withoutTrailingSlashes } from '../core/sandbox/trailing-slashes.ts';

/** One setting; its name is its key in the table that lists it. */
export interface Setting<T> {
  readonly help: string;
  /** The placeholder of its value in `--help`; null for a switch. */
  readonly value: string | null;
  /** Its one-letter flag. */
  readonly short?: string;
  readonly fallback: T;
  /** May be given several times; the values make one list. */
  readonly repeatable?: true;
  /** It has no environment variable, since it is about one call only. */
  readonly flagOnly?: true;
  /** Throws an Error whose message continues a sentence that begins with the setting's name. */
  read(text: string): T;
}

/** Settings by name. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of settings. */
export type Values<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export const setting = <T>(one: Setting<T>): Setting<T> => one;

/** A setting of one call: a flag without a variable, null unless it is given. */
export const flag = <T>(value: string, read: (text: string) => T, help: string): Setting<T | null> => ({
  value,
  fallback: null,
  flagOnly: true,
  read,
  help,
});

/** A switch of one call. */
export const flagSwitch = (help: string): Setting<boolean> => ({
  value: null,
  fallback: false,
  flagOnly: true,
  read: onOff,
  help,
});

export const text = (one: string): string => {
  if (one === '') throw new Error('takes a value');
  return one;
};
export const choice =
  <const T extends string>(...allowed: T[]) =>
  (one: string): T => {
    if (!allowed.includes(one as T)) throw new Error(`takes one of ${allowed.join(', ')}`);
    return one as T;
  };
/** A switch: `1`, `true` and `yes` turn it on. */
export const onOff = (one: string): boolean =>
  ['1', 'true', 'yes'].includes(choice('1', '0', 'true', 'false', 'yes', 'no')(one.toLowerCase()));
export const wholeNumber = (least: number, most: number) => (one: string) => {
  if (!/^\d+$/.test(one) || Number(one) < least || Number(one) > most) {
    throw new Error(`takes a whole number from ${least} to ${most}`);
  }
  return Number(one);
};

/** A provider served at the root of a port of its own. */
export interface RootMount {
  readonly provider: string;
  readonly port: number;
}

/** The provider's name is checked when it is mounted. */
export const rootMounts = (one: string): RootMount[] =>
  one.split(',').map((pair) => {
    const [, provider = '', port = ''] = /^(\w+)=(\d{1,5})$/.exec(pair.trim()) ?? [];
    if (provider === '' || Number(port) > 65535) throw new Error('takes <provider>=<port>, as in conductor=8080');
    return { provider, port: Number(port) };
  });

/** A published document for a provider. */
export interface ContractFile {
  readonly provider: string;
  readonly file: string;
}

/** The provider's name is checked when the file is read. */
export const contractFiles = (one: string): ContractFile[] =>
  one.split(',').map((pair) => {
    const [, provider = '', file = ''] = /^\s*(\w+)=(.+)$/.exec(pair) ?? [];
    if (file === '') throw new Error('takes <provider>=<file>, as in conductor=openapi.yaml');
    return { provider, file };
  });

export const hostNames = (one: string): string[] =>
  one.split(',').map((name) => {
    if (!/^([\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\])$/i.test(name.trim())) {
      throw new Error('takes a host name or address without scheme and port');
    }
    return name.trim();
  });

export const token = (one: string): string => {
  // Other characters cannot be sent in a header.
  if (!/^[!-~]+$/.test(one)) throw new Error('takes visible ASCII characters without spaces');
  return one;
};

/** The URL of a server, without a trailing slash; the commands append the paths. */
export const serverUrl = (one: string): string => {
  const url = URL.canParse(one) ? new URL(one) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new Error('takes the URL of a server, as in http://127.0.0.1:4010');
  }
  return withoutTrailingSlashes(url.href);
};

/** A list of allowed words, separated by commas. */
export const choices =
  <const T extends string>(...allowed: readonly T[]) =>
  (list: string): readonly T[] =>
    list.split(',').map((one) => {
      const found = allowed.find((word) => word === one.trim());
      if (found === undefined) throw new Error(`takes any of ${allowed.join(', ')}`);
      return found;
    });
