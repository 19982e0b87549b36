// Why a server cannot start: one sentence for each reason, with what to do about it.
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ContractError } from '../core/openapi/published/source.ts';
import { FixtureError } from '../core/sandbox/fixtures.ts';
import { DataError } from '../core/sandbox/sandboxes.ts';
import { isOutOfDescriptors } from '../core/storage/descriptors.ts';
import { StartError, TOO_MANY_OPEN } from './failures.ts';

type SystemError = Error & { readonly code?: string };

/** Where the server was to listen. */
export interface Listening {
  /** The flag it comes from, e.g. `--mount conductor=8080`. */
  readonly flag: string;
  readonly port: number;
  readonly host: string;
}

/** Why the server cannot listen on a port. */
export function cannotListen({ code, message }: SystemError, { flag, port, host }: Listening): StartError {
  const [, other = flag] = /^(--mount \w+)=/.exec(flag) ?? [];
  const change = other === flag ? `${flag} <number>` : `${other}=<number>`;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} of ${flag} is in use; stop the process that listens there, or choose another port with ${change} (0 picks a free one).`,
      );
    case 'EACCES':
      return new StartError(
        `Port ${port} of ${flag} is not permitted for this user: ports below 1024 need extra privileges; choose a higher one with ${change}.`,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return new StartError(
        `This machine has no address ${host}; --host accepts one of ${ownAddresses().join(', ')}, or 0.0.0.0 for all.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(
        `The host name ${host} cannot be resolved; --host accepts one of ${ownAddresses().join(', ')}, or 0.0.0.0 for all.`,
      );
    case 'EMFILE':
    case 'ENFILE':
      return new StartError(TOO_MANY_OPEN);
    default:
      return new StartError(`The server cannot listen on port ${port} of ${flag} at ${host}: ${message}.`);
  }
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  // Link-local addresses need the interface's name behind them.
  return all.map(({ address }) => address).filter((address) => !/^fe80:/i.test(address));
}

/** Why the server cannot be built. */
export function cannotStart(error: SystemError): StartError {
  const { code, message } = error;
  if (code === 'ERR_DLOPEN_FAILED' || /bindings file/.test(message)) {
    return new StartError(
      `The SQLite module is not built for this Node (${process.versions.node}); run: npm rebuild --prefix "${installed()}" better-sqlite3`,
    );
  }
  if (isOutOfDescriptors(error)) return new StartError(TOO_MANY_OPEN);
  // Anything else is a bug in Understudy; the stack shows where.
  const isExpected = [FixtureError, DataError, ContractError].some((expected) => error instanceof expected);
  return new StartError(isExpected ? message : String(error.stack));
}

/** The folder whose node_modules holds the SQLite module. */
function installed(): string {
  return fileURLToPath(import.meta.resolve('better-sqlite3')).replace(
    /[/\\]node_modules[/\\](?!.*[/\\]node_modules[/\\]).*$/,
    '',
  );
}
