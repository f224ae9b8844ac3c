import { createPrivateKey, X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/;

/** What is wrong with text that should be PEM certificates; undefined when nothing is. */
export function certificateProblem(pem: string): string | undefined {
  return parseCertificate(pem) === undefined ? 'holds no readable PEM certificate' : undefined;
}

/** What is wrong with a client certificate and its key; undefined when nothing is. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const parsed = parseCertificate(certificate);
  if (parsed === undefined) return 'the client certificate is not a readable PEM certificate';
  try {
    const privateKey = createPrivateKey(key);
    return parsed.checkPrivateKey(privateKey)
      ? undefined
      : 'the key does not belong to the client certificate';
  } catch (error) {
    const isEncrypted = error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE';
    if (isEncrypted)
      return 'the client key is encrypted, which Kubernetes clients do not support; decrypt it';
    return 'the client key is not a readable PEM private key';
  }
}

/** When the first certificate in `pem` ends to be valid, in milliseconds since the epoch. */
export function expiryOf(pem: string): number {
  const parsed = parseCertificate(pem);
  return parsed === undefined ? Number.NaN : Date.parse(parsed.validTo);
}

function parseCertificate(pem: string): X509Certificate | undefined {
  const block = CERTIFICATE.exec(pem);
  if (block === null) return undefined;
  try {
    return new X509Certificate(block[0]);
  } catch {
    return undefined;
  }
}
