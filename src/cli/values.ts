// How a setting's text becomes its value; what cannot is refused with the end of a sentence.
// Every command loads this: it imports nothing that takes time, the providers least of all.

/** One setting: what it is called stands where it is listed. */
export interface Setting<T> {
  readonly help: string;
  /** What stands for the value in `--help`; null for a switch. */
  readonly value: string | null;
  readonly fallback: T;
  /** Given several times it makes one list of all it reads. */
  readonly repeatable?: true;
  /** It belongs to the one call it is given to: no variable stands for it. */
  readonly flagOnly?: true;
  /** Throws the end of a sentence that begins with the setting's name. */
  read(text: string): T;
}

/** Settings by name. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** What settings are set to. */
export type Values<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export const setting = <T>(one: Setting<T>): Setting<T> => one;
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
export const onOff = (one: string): boolean => choice('true', 'false')(one) === 'true';
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

/** Whether there is such a provider is seen when it is mounted. */
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

/** Whether there is such a provider is seen when the file is read. */
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
  // Others could not be sent in a header.
  if (!/^[!-~]+$/.test(one)) throw new Error('takes visible ASCII characters without spaces');
  return one;
};

/** Where a server is; what comes below it is ours to say. */
export const serverUrl = (one: string): string => {
  const url = URL.canParse(one) ? new URL(one) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new Error('takes the URL of a server, as in http://127.0.0.1:4010');
  }
  return url.href.replace(/\/+$/, '');
};

/** Several of a few words, separated by commas. */
export const choices =
  <const T extends string>(...allowed: readonly T[]) =>
  (list: string): readonly T[] =>
    list.split(',').map((one) => {
      const found = allowed.find((word) => word === one.trim());
      if (found === undefined) throw new Error(`takes any of ${allowed.join(', ')}`);
      return found;
    });
