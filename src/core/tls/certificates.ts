// X.509: creates CA and server certificates. The only file that imports the X.509 library.
import { createHash, createPublicKey, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type BaseBlock, BitString, Integer, OctetString, Utf8String } from 'asn1js';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  PublicKeyInfo,
  Time,
  TimeType,
} from 'pkijs';

const DAY = 24 * 3600 * 1000;

/** Certificates are valid from a day ago, since the clocks of a host and its containers may differ; in ms. */
const BACKDATED = DAY;

/** Validity of a CA, in ms. */
const CA_LIFE = 3650 * DAY;

/** Validity of a server's certificate, in ms; with the backdating, within the 398 days that clients accept. */
const SERVER_LIFE = 396 * DAY;

/** OIDs of the signature algorithms, by key type. */
const SIGNATURES: Readonly<Record<string, string>> = { ec: '1.2.840.10045.4.3.2', rsa: '1.2.840.113549.1.1.11' };

const OID = {
  commonName: '2.5.4.3',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  names: '2.5.29.17',
  constraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** A CA's certificate and private key. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** Whether the key's type is supported for signing. */
export function canSign(key: KeyObject): boolean {
  return SIGNATURES[key.asymmetricKeyType as string] !== undefined;
}

/** Creates a self-signed CA certificate, valid from a day before `now` (ms since the epoch). */
export function certifyAuthority(key: KeyObject, now = Date.now()): X509Certificate {
  const publicKey = createPublicKey(key);
  const certificate = blank(publicKey, now, now + CA_LIFE);
  // A unique name, so that clients can tell the CAs of different starts apart.
  name(certificate, `Understudy CA ${randomBytes(4).toString('hex')}`);
  certificate.issuer = certificate.subject;
  certificate.extensions = [
    extension(OID.constraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema(), true),
    // keyCertSign and cRLSign.
    extension(OID.keyUsage, bits(0b0000_0110, 1), true),
    extension(OID.subjectKey, new OctetString({ valueHex: keyId(publicKey) })),
    extension(OID.authorityKey, new AuthorityKeyIdentifier({ keyIdentifier: octets(keyId(publicKey)) }).toSchema()),
  ];
  return signed(certificate, key);
}

/** Creates a server certificate for these host names and addresses. */
export function certifyServer(
  issuer: Issuer,
  publicKey: KeyObject,
  names: readonly [string, ...string[]],
): X509Certificate {
  const authority = Certificate.fromBER(arrayBuffer(issuer.certificate.raw));
  const now = Date.now();
  const certificate = blank(publicKey, now, Math.min(now + SERVER_LIFE, authority.notAfter.value.getTime()));
  // X.509 limits a common name to 64 characters; clients check the alternative names anyway.
  name(certificate, names[0].length > 64 ? 'Understudy' : names[0]);
  certificate.issuer = authority.subject;
  certificate.extensions = [
    extension(OID.constraints, new BasicConstraints({ cA: false }).toSchema(), true),
    // digitalSignature.
    extension(OID.keyUsage, bits(0b1000_0000, 7), true),
    extension(OID.extendedUsage, new ExtKeyUsage({ keyPurposes: [OID.serverAuth] }).toSchema()),
    extension(OID.names, new GeneralNames({ names: names.map(generalName) }).toSchema()),
    extension(OID.subjectKey, new OctetString({ valueHex: keyId(publicKey) })),
    ...authorityKey(authority),
  ];
  return signed(certificate, issuer.key);
}

function blank(publicKey: KeyObject, now: number, end: number): Certificate {
  const serial = randomBytes(16);
  // Positive, and of a fixed length.
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return new Certificate({
    version: 2,
    serialNumber: new Integer({ valueHex: arrayBuffer(serial) }),
    notBefore: new Time({ type: TimeType.UTCTime, value: new Date(now - BACKDATED) }),
    notAfter: new Time({ type: TimeType.UTCTime, value: new Date(end) }),
    subjectPublicKeyInfo: PublicKeyInfo.fromBER(arrayBuffer(publicKey.export({ type: 'spki', format: 'der' }))),
  });
}

function name({ subject }: Certificate, commonName: string): void {
  const value = new Utf8String({ value: commonName });
  subject.typesAndValues.push(new AttributeTypeAndValue({ type: OID.commonName, value }));
}

function generalName(name: string): GeneralName {
  return isIP(name) === 0
    ? new GeneralName({ type: 2, value: name })
    : new GeneralName({ type: 7, value: octets(addressBytes(name)) });
}

/** An IP address as bytes: 4 or 16. */
function addressBytes(address: string): ArrayBuffer {
  if (isIP(address) === 4) return new Uint8Array(address.split('.').map(Number)).buffer;
  // URL normalises it: hexadecimal groups, with the longest run of zeros omitted.
  const plain = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1);
  const [before = [], after = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...before, ...new Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return arrayBuffer(Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex'));
}

function extension(extnID: string, value: BaseBlock, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

/** The authority key identifier, from the CA's subject key identifier; none when the CA has none. */
function authorityKey({ extensions = [] }: Certificate): Extension[] {
  const named = extensions.find(({ extnID }) => extnID === OID.subjectKey)?.parsedValue as OctetString | undefined;
  if (named === undefined) return [];
  const keyIdentifier = octets(named.getValue());
  return [extension(OID.authorityKey, new AuthorityKeyIdentifier({ keyIdentifier }).toSchema())];
}

/** The key identifier of a public key (RFC 7093, method 1). */
function keyId(publicKey: KeyObject): ArrayBuffer {
  const { subjectPublicKey } = PublicKeyInfo.fromBER(arrayBuffer(publicKey.export({ type: 'spki', format: 'der' })));
  return arrayBuffer(createHash('sha256').update(subjectPublicKey.valueBlock.valueHexView).digest().subarray(0, 20));
}

function signed(certificate: Certificate, key: KeyObject): X509Certificate {
  const algorithmId = SIGNATURES[key.asymmetricKeyType as string] as string;
  certificate.signature = certificate.signatureAlgorithm = new AlgorithmIdentifier({ algorithmId });
  const signature = sign('sha256', Buffer.from(certificate.encodeTBS().toBER()), key);
  certificate.signatureValue = new BitString({ valueHex: arrayBuffer(signature) });
  return new X509Certificate(Buffer.from(certificate.toSchema(true).toBER()));
}

function bits(byte: number, unusedBits: number): BitString {
  return new BitString({ valueHex: new Uint8Array([byte]).buffer, unusedBits });
}

function octets(valueHex: ArrayBuffer): OctetString {
  return new OctetString({ valueHex });
}

/** Copies bytes to an ArrayBuffer of their own, as the library requires. */
function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
