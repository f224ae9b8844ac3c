import type { Fields } from './fields.ts';
import type { Place } from './refusal.ts';

/**
 * A kubeconfig as it is written: types are right, paths are absolute, nothing else has been checked. Texts that are not
 * there are empty.
 */
export interface RawConfig {
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, RawCluster>;
  readonly contexts: ReadonlyMap<string, RawContext>;
  readonly users: ReadonlyMap<string, RawUser>;
}

export interface RawContext {
  readonly place: Place;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

export interface RawCluster {
  readonly place: Place;
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority: string;
  readonly certificateAuthorityData: Buffer | undefined;
  readonly proxyUrl: string;
  readonly disableCompression: boolean;
  /** The extension that a plugin with `provideClusterInfo` is shown. */
  readonly execExtension: unknown;
}

export interface RawUser {
  readonly place: Place;
  readonly clientCertificate: string;
  readonly clientCertificateData: Buffer | undefined;
  readonly clientKey: string;
  readonly clientKeyData: Buffer | undefined;
  readonly token: string;
  readonly tokenFile: string;
  readonly username: string;
  readonly password: string;
  readonly as: string;
  readonly asUid: string;
  readonly asGroups: readonly string[];
  readonly asUserExtra: ReadonlyMap<string, readonly string[]>;
  /** Its name, when there is one. */
  readonly authProvider: string | undefined;
  readonly exec: RawExec | undefined;
}

export interface RawExec {
  /** For refusals. */
  readonly fields: Fields;
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode: string;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
}

/** What stands where nothing is. */
export const EMPTY_CONFIG: RawConfig = {
  currentContext: '',
  clusters: new Map(),
  contexts: new Map(),
  users: new Map(),
};
