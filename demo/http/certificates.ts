import { generate } from 'selfsigned';

/** A certificate and its key, both as PEM text. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  /** Signs all others. */
  readonly ca: KeyPair;
  readonly server: KeyPair;
  readonly admin: KeyPair;
  readonly viewer: KeyPair;
}

/** Elliptic curves, since RSA keys would take longer than the rest of the start. */
const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/**
 * New keys and certificates, valid for a year. They are no part of what a seed repeats: keys must not be guessable.
 */
export async function generateCertificates(): Promise<Certificates> {
  const ca = await issue(
    [{ name: 'commonName', value: 'kubegraph-demo-ca' }],
    [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  );
  const [server, admin, viewer] = await Promise.all([
    issue([{ name: 'commonName', value: 'kube-apiserver' }], SERVER_EXTENSIONS, ca),
    issue(clientName('admin', 'system:masters'), CLIENT_EXTENSIONS, ca),
    issue(clientName('viewer'), CLIENT_EXTENSIONS, ca),
  ]);
  return { ca, server, admin, viewer };
}

type Name = Parameters<typeof generate>[0];
type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

const SERVER_EXTENSIONS: Extensions = [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', digitalSignature: true, critical: true },
  { name: 'extKeyUsage', serverAuth: true },
  {
    name: 'subjectAltName',
    altNames: [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
    ],
  },
];

const CLIENT_EXTENSIONS: Extensions = [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', digitalSignature: true, critical: true },
  { name: 'extKeyUsage', clientAuth: true },
];

/** Kubernetes takes the user from the common name and its group from the organization. */
function clientName(user: string, group?: string): Name {
  const name = [{ name: 'commonName', value: user }];
  return group === undefined ? name : [{ name: 'organizationName', value: group }, ...name];
}

async function issue(name: Name, extensions: Extensions, ca?: KeyPair): Promise<KeyPair> {
  const { cert, private: key } = await generate(name, {
    ...EC,
    extensions,
    ...(ca === undefined ? {} : { ca }),
  });
  return { cert, key };
}
