// The CA of https, new on each start or stored in the data folder. Issues a certificate for each requested host name.
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

/** Maximum number of cached certificates; the least recently used are dropped. */
const MAX_CONTEXTS = 100;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_-]{1,63})*$/i;

/** A certificate and its key, as PEM. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/** A CA and the certificates it issued. */
export class Authority {
  readonly #issuer: Issuer;
  /** One key pair for all certificates, since one server holds all of them. */
  readonly #pair = makeKey();
  readonly #contexts = new Map<string, SecureContext>();

  private constructor(issuer: Issuer) {
    this.#issuer = issuer;
  }

  /**
   * Opens the CA of a data folder, creating it if there is none; without a folder, creates a new one.
   *
   * @throws DataError when the stored CA is unusable or a new one cannot be written
   */
  static open(folder: string | null): Authority {
    if (folder === null) return new Authority(makeIssuer());
    const kept = [CERTIFICATE, KEY].filter((file) => existsSync(join(folder, file)));
    return new Authority(kept.length === 0 ? saveIssuer(folder, makeIssuer()) : readIssuer(folder, kept));
  }

  /** The CA's certificate, as PEM. */
  get certificate(): string {
    return this.#issuer.certificate.toString();
  }

  /** The certificate for clients without SNI, e.g. those that connect by address: localhost and the bound addresses. */
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

  /** The certificate for clients that request a host name (SNI); undefined when it is not a valid host name. */
  contextFor(host: string): SecureContext | undefined {
    if (!HOST_NAME.test(host) && isIP(host) === 0) return undefined;
    const name = host.toLowerCase();
    const context = this.#contexts.get(name) ?? createSecureContext(this.#certify([name]));
    // Moves the host to the end, the most recently used.
    this.#contexts.delete(name);
    this.#contexts.set(name, context);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > MAX_CONTEXTS) this.#contexts.delete(oldest as string);
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

function saveIssuer(folder: string, issuer: Issuer): Issuer {
  try {
    writeFileSync(join(folder, KEY), pemOf(issuer.key), { mode: 0o600, flag: 'wx' });
    writeFileSync(join(folder, CERTIFICATE), issuer.certificate.toString(), { flag: 'wx' });
  } catch (error) {
    // One file without the other would fail the next start. Neither existed before.
    for (const file of [KEY, CERTIFICATE]) rmSync(join(folder, file), { force: true });
    throw new DataError(`The CA of https cannot be saved in ${folder}: ${diskErrorMessage(error as Error)}.`);
  }
  return issuer;
}

function readIssuer(folder: string, stored: readonly string[]): Issuer {
  const unusable = (file: string, why: string) =>
    new DataError(
      `${join(folder, file)} ${why}; delete ${CERTIFICATE} and ${KEY} there to create a new CA, which clients must then trust.`,
    );
  const [only] = stored;
  if (stored.length === 1) {
    throw unusable(only as string, `exists without ${only === KEY ? CERTIFICATE : KEY}`);
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
  if (!canSign(key)) throw unusable(KEY, `is neither an EC nor an RSA key (${key.asymmetricKeyType})`);
  if (!certificate.checkPrivateKey(key)) throw unusable(KEY, `does not belong to ${CERTIFICATE}`);
  if (!certificate.ca) throw unusable(CERTIFICATE, 'is not the certificate of a CA');
  if (Date.parse(certificate.validTo) < Date.now()) throw unusable(CERTIFICATE, `expired on ${certificate.validTo}`);
  return { certificate, key };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
