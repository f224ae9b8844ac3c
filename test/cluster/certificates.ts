import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Layout } from './layout.ts';
import type { Binaries } from './state.ts';

const run = promisify(execFile);

/** The users that get a certificate: the file name of theirs, without extension. */
export type CertificateName = 'admin' | 'viewer' | 'controller-manager' | 'scheduler' | 'kwok';

/** A user's certificate and key beside the CA of the server it talks to: PEM texts. */
export interface ClientCredentials {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes all keys, certificates and tokens of one run. Earlier ones in the same directory are replaced. */
export async function writeCredentials(layout: Layout, binaries: Binaries): Promise<void> {
  await rm(layout.pki, { recursive: true, force: true });
  await run(binaries.controlPlane, ['certs', layout.pki]);
  await writeTokens(layout);
}

/** The credentials that `writeCredentials` made for this user. */
export async function readCredentials(layout: Layout, name: CertificateName): Promise<ClientCredentials> {
  const read = (file: string) => readFile(join(layout.pki, file), 'utf8');
  const [ca, certificate, key] = await Promise.all([
    read('ca.crt'),
    read(`${name}.crt`),
    read(`${name}.key`),
  ]);
  return { ca, certificate, key };
}

/** Bearer tokens for the two people, who are the same users as in their certificates. */
async function writeTokens(layout: Layout): Promise<void> {
  const admin = randomBytes(24).toString('hex');
  const viewer = randomBytes(24).toString('hex');
  const secret = { mode: 0o600 };
  await Promise.all([
    writeFile(layout.adminToken, admin, secret),
    writeFile(layout.viewerToken, viewer, secret),
    // Columns: token, user name, user id, groups.
    writeFile(layout.tokenTable, `${admin},admin,admin,"system:masters"\n${viewer},viewer,viewer\n`, secret),
  ]);
}
