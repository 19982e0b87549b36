// X.509: makes the certificate of a CA, and those it signs for servers. The only file that imports the library.
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

/** A day back: the clocks of a host and its containers may differ. */
const BEFORE = DAY;

/** How long a CA is valid, in ms. */
const CA_LIFE = 3650 * DAY;

/** How long a server's certificate is valid, in ms; with the day before it is as long as clients put up with. */
const SERVER_LIFE = 396 * DAY;

/** How a key signs, as X.509 names it. */
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

/** Who signs: a CA's certificate and its key. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** Whether a CA with that key can sign here. */
export function canSign(key: KeyObject): boolean {
  return SIGNATURES[key.asymmetricKeyType as string] !== undefined;
}

/** The certificate of a CA whose key this is, made at `now`, in ms since 1970. */
export function certifyAuthority(key: KeyObject, now = Date.now()): X509Certificate {
  const publicKey = createPublicKey(key);
  const certificate = blank(publicKey, now, now + CA_LIFE);
  // A name of its own: a client may have to tell it from the CA of an earlier start.
  name(certificate, `Understudy CA ${randomBytes(4).toString('hex')}`);
  certificate.issuer = certificate.subject;
  certificate.extensions = [
    extension(OID.constraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema(), true),
    // Signs certificates and revocation lists.
    extension(OID.keyUsage, bits(0b0000_0110, 1), true),
    extension(OID.subjectKey, new OctetString({ valueHex: keyId(publicKey) })),
    extension(OID.authorityKey, new AuthorityKeyIdentifier({ keyIdentifier: octets(keyId(publicKey)) }).toSchema()),
  ];
  return signed(certificate, key);
}

/** The certificate of a server that has these names and addresses. */
export function certifyServer(
  issuer: Issuer,
  publicKey: KeyObject,
  names: readonly [string, ...string[]],
): X509Certificate {
  const authority = Certificate.fromBER(arrayBuffer(issuer.certificate.raw));
  const now = Date.now();
  const certificate = blank(publicKey, now, Math.min(now + SERVER_LIFE, authority.notAfter.value.getTime()));
  // X.509 allows a common name 64 characters; clients look at the names below anyway.
  name(certificate, names[0].length > 64 ? 'Understudy' : names[0]);
  certificate.issuer = authority.subject;
  certificate.extensions = [
    extension(OID.constraints, new BasicConstraints({ cA: false }).toSchema(), true),
    // Signs handshakes.
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
  // Positive, and of one length whatever was drawn.
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return new Certificate({
    version: 2,
    serialNumber: new Integer({ valueHex: arrayBuffer(serial) }),
    notBefore: new Time({ type: TimeType.UTCTime, value: new Date(now - BEFORE) }),
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

/** An IP address as it stands in a certificate: 4 or 16 bytes. */
function addressBytes(address: string): ArrayBuffer {
  if (isIP(address) === 4) return new Uint8Array(address.split('.').map(Number)).buffer;
  // A URL writes it in one way: hexadecimal groups, the longest run of zeros left out.
  const plain = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1);
  const [before = [], after = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...before, ...new Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return arrayBuffer(Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex'));
}

function extension(extnID: string, value: BaseBlock, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

/** Points at the CA's key as its own certificate names it; where that names none, there is nothing to point at. */
function authorityKey({ extensions = [] }: Certificate): Extension[] {
  const named = extensions.find(({ extnID }) => extnID === OID.subjectKey)?.parsedValue as OctetString | undefined;
  if (named === undefined) return [];
  const keyIdentifier = octets(named.getValue());
  return [extension(OID.authorityKey, new AuthorityKeyIdentifier({ keyIdentifier }).toSchema())];
}

/** Names a key (RFC 7093, method 1). */
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

/** Bytes as the library takes them: a buffer that holds nothing else. */
function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
