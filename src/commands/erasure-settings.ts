// The settings of `understudy erasure-check`, beside those that say where the server is.
import { PLACES, type Place } from '../core/erasure.ts';

const fallback: readonly Place[] = ['state'];

export const ERASURE_SETTINGS = {
  sandbox: {
    value: 'name',
    fallback: null as string | null,
    read(name: string): string | null {
      if (name === '') throw new Error('takes a value');
      return name;
    },
    help: 'the sandbox to search; by default the one named default',
  },
  include: {
    value: 'place',
    fallback,
    repeatable: true,
    read: (list: string): readonly Place[] =>
      list.split(',').map((one) => {
        const place = PLACES.find((place) => place === one.trim());
        if (place === undefined) throw new Error(`takes any of ${PLACES.join(', ')}`);
        return place;
      }),
    help: `where to search: ${PLACES.join(', ')}; by default state alone`,
  },
  json: {
    value: null,
    fallback: false,
    read(word: string): boolean {
      if (word !== 'true' && word !== 'false') throw new Error('takes one of true, false');
      return word === 'true';
    },
    help: 'print the answer as it comes instead of a table',
  },
} as const;
