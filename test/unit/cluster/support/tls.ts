import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = new URL('../../../fixtures/tls/', import.meta.url);

type Name = 'server' | 'renamed-server' | 'expired-server' | 'client' | 'next-client' | 'expired-client';

/** The path of a file in test/fixtures/tls. */
export function tlsPath(file: `${Name}.${'crt' | 'key'}` | 'ca.crt' | 'other-ca.crt'): string {
  return fileURLToPath(new URL(file, directory));
}

/** Its text. */
export function tlsText(file: Parameters<typeof tlsPath>[0]): string {
  return readFileSync(tlsPath(file), 'utf8');
}

/** Its text as a `*-data` field has it. */
export function tlsBase64(file: Parameters<typeof tlsPath>[0]): string {
  return readFileSync(tlsPath(file)).toString('base64');
}
