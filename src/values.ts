// How a setting's text becomes its value; what cannot is refused with the end of a sentence.
import { PROVIDERS } from './providers/index.ts';

/** One setting: what it is called stands where it is listed. */
export interface Setting<T> {
  readonly help: string;
  /** What stands for the value in `--help`; null for a switch. */
  readonly value: string | null;
  readonly fallback: T;
  /** Given several times it makes a list; its variable separates them by commas. */
  readonly repeatable?: boolean;
  /** Throws the end of a sentence that begins with the setting's name. */
  read(text: string): T;
}

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

export const rootMounts = (one: string): RootMount[] =>
  one.split(',').map((pair) => {
    const [, provider = '', port = ''] = /^(\w+)=(\d{1,5})$/.exec(pair.trim()) ?? [];
    if (!PROVIDERS.some(({ name }) => name === provider) || Number(port) > 65535) {
      throw new Error(`takes <provider>=<port>, with a provider of ${PROVIDERS.map(({ name }) => name).join(', ')}`);
    }
    return { provider, port: Number(port) };
  });

/** A published document for a provider. */
export interface ContractFile {
  readonly provider: string;
  readonly file: string;
}

export const contractFiles = (one: string): ContractFile[] =>
  one.split(',').map((pair) => {
    const [, provider = '', file = ''] = /^\s*(\w+)=(.+)$/.exec(pair) ?? [];
    if (!PROVIDERS.some(({ name }) => name === provider)) {
      throw new Error(`takes <provider>=<file>, with a provider of ${PROVIDERS.map(({ name }) => name).join(', ')}`);
    }
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
