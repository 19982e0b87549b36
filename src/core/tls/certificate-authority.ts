// The CA behind https: new on each start, or kept in the data folder. Makes a certificate for every name asked for.
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { DataError, diskErrorMessage } from '../storage/disk.ts';
import { canSign, certifyAuthority, certifyServer, type Issuer } from './certificates.ts';

const CERTIFICATE = 'ca.pem';
const KEY = 'ca-key.pem';

/** Names that are kept ready; whoever asks for more has the oldest one made again. */
const KEPT = 100;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_-]{1,63})*$/i;

/** A certificate with its key, as servers take them. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/** A CA that clients are told to trust, with what it signed. */
export class Authority {
  readonly #issuer: Issuer;
  /** One key for all names: whoever holds one of them is this server. */
  readonly #pair = makeKey();
  readonly #contexts = new Map<string, SecureContext>();

  private constructor(issuer: Issuer) {
    this.#issuer = issuer;
  }

  /**
   * The CA of a data folder, made and kept there when there is none; without a folder a new one.
   *
   * @throws DataError when what the folder holds cannot be used, or nothing can be written
   */
  static open(folder: string | null): Authority {
    if (folder === null) return new Authority(makeIssuer());
    const kept = [CERTIFICATE, KEY].filter((file) => existsSync(join(folder, file)));
    return new Authority(kept.length === 0 ? keep(folder, makeIssuer()) : read(folder, kept));
  }

  /** The CA's certificate, as PEM. */
  get certificate(): string {
    return this.#issuer.certificate.toString();
  }

  /** For clients that name no host, as those do that know only an address: this machine, by whatever it listens on. */
  credentials(host: string): Credentials {
    const unspecified = host === '0.0.0.0' || host === '::';
    const own = unspecified
      ? Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address))
      : [host];
    return this.#certify([
      'localhost',
      ...new Set(['127.0.0.1', '::1', ...own.filter((name) => name !== 'localhost')]),
    ]);
  }

  /** For clients that ask for a host; undefined when that is no name a host can have. */
  contextFor(host: string): SecureContext | undefined {
    if (!HOST_NAME.test(host) && isIP(host) === 0) return undefined;
    const name = host.toLowerCase();
    const context = this.#contexts.get(name) ?? createSecureContext(this.#certify([name]));
    // The one used last goes to the end.
    this.#contexts.delete(name);
    this.#contexts.set(name, context);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > KEPT) this.#contexts.delete(oldest as string);
    return context;
  }

  #certify(names: readonly [string, ...string[]]): Credentials {
    const { publicKey, privateKey } = this.#pair;
    return { cert: certifyServer(this.#issuer, publicKey, names).toString(), key: pemOf(privateKey) };
  }
}

function makeKey(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function makeIssuer(): Issuer {
  const { privateKey } = makeKey();
  return { certificate: certifyAuthority(privateKey), key: privateKey };
}

function keep(folder: string, issuer: Issuer): Issuer {
  try {
    writeFileSync(join(folder, KEY), pemOf(issuer.key), { mode: 0o600, flag: 'wx' });
    writeFileSync(join(folder, CERTIFICATE), issuer.certificate.toString(), { flag: 'wx' });
  } catch (error) {
    // One without the other would be in the way of the next start. There was neither.
    for (const file of [KEY, CERTIFICATE]) rmSync(join(folder, file), { force: true });
    throw new DataError(`The CA of https cannot be kept in ${folder}: ${diskErrorMessage(error as Error)}.`);
  }
  return issuer;
}

function read(folder: string, kept: readonly string[]): Issuer {
  const unusable = (file: string, why: string) =>
    new DataError(
      `${join(folder, file)} ${why}; delete ${CERTIFICATE} and ${KEY} there to have a new CA made, which clients must then trust anew.`,
    );
  const [only] = kept;
  if (kept.length === 1) {
    throw unusable(only as string, `is there without ${only === KEY ? CERTIFICATE : KEY}`);
  }
  const part = <T>(file: string, what: string, parse: (pem: Buffer) => T): T => {
    try {
      return parse(readFileSync(join(folder, file)));
    } catch (error) {
      throw unusable(file, `cannot be read as ${what} (${(error as Error).message})`);
    }
  };
  const certificate = part(CERTIFICATE, 'a certificate', (pem) => new X509Certificate(pem));
  const key = part(KEY, 'a private key', (pem) => createPrivateKey(pem));
  if (!canSign(key)) throw unusable(KEY, `is a key of another kind (${key.asymmetricKeyType}) than EC or RSA`);
  if (!certificate.checkPrivateKey(key)) throw unusable(KEY, `does not belong to ${CERTIFICATE}`);
  if (!certificate.ca) throw unusable(CERTIFICATE, 'is not the certificate of a CA');
  if (Date.parse(certificate.validTo) < Date.now()) throw unusable(CERTIFICATE, `expired on ${certificate.validTo}`);
  return { certificate, key };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
