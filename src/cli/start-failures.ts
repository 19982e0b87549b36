// What keeps a server from starting, as one sentence with the way out.
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FixtureError } from '../core/sandbox/fixtures.ts';
import { DataError } from '../core/sandbox/sandboxes.ts';
import { StartError } from './failures.ts';

type SystemError = Error & { readonly code?: string };

/** Where somebody wanted to listen. */
export interface Listening {
  /** What asked for it, e.g. `--mount conductor=8080`. */
  readonly flag: string;
  readonly port: number;
  readonly host: string;
}

/** Why a port cannot be listened on. */
export function cannotListen({ code, message }: SystemError, { flag, port, host }: Listening): StartError {
  const [, other = flag] = /^(--mount \w+)=/.exec(flag) ?? [];
  const change = other === flag ? `${flag} <number>` : `${other}=<number>`;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} of ${flag} is in use; stop what listens there, or choose another with ${change} (0 takes a free one).`,
      );
    case 'EACCES':
      return new StartError(
        `Port ${port} of ${flag} is not for this user: those below 1024 need rights of their own; choose a higher one with ${change}.`,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return new StartError(
        `This machine has no address ${host}; --host takes one of ${ownAddresses().join(', ')}, or 0.0.0.0 for all of them.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(
        `No address is known for ${host}; --host takes one of ${ownAddresses().join(', ')}, or 0.0.0.0 for all of them.`,
      );
    default:
      return new StartError(`Port ${port} of ${flag} cannot be listened on at ${host}: ${message}.`);
  }
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  // Link-local addresses need the interface's name behind them.
  return all.map(({ address }) => address).filter((address) => !/^fe80:/i.test(address));
}

/** Why the server cannot even be built. */
export function cannotStart(error: SystemError): StartError {
  const { code, message } = error;
  if (code === 'ERR_DLOPEN_FAILED' || /bindings file/.test(message)) {
    return new StartError(
      `The SQLite module is not built for this Node (${process.versions.node}); run: npm rebuild --prefix "${installed()}" better-sqlite3`,
    );
  }
  // What is left is a fault of ours, and its stack says where.
  return new StartError(error instanceof FixtureError || error instanceof DataError ? message : String(error.stack));
}

/** The folder whose node_modules the SQLite module stands in. */
function installed(): string {
  return fileURLToPath(import.meta.resolve('better-sqlite3')).replace(
    /[/\\]node_modules[/\\](?!.*[/\\]node_modules[/\\]).*$/,
    '',
  );
}
