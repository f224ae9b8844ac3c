import type { Secret } from '../secret.ts';

/**
 * One API server and how to reach it as the user that the kubeconfig's context names. Everything in it has been checked;
 * only files that rotate are read again later.
 */
export interface ClusterTarget {
  readonly source: 'kubeconfig' | 'in-cluster';
  /** Undefined for `in-cluster`. */
  readonly contextName: string | undefined;
  /** What the context, or the service account, names; `default` otherwise. */
  readonly namespace: string;
  readonly server: ServerAddress;
  readonly tls: TlsSettings;
  /** An http, https or socks5 URL from `proxy-url` or from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. May hold a password. */
  readonly proxyUrl: Secret | undefined;
  readonly disableCompression: boolean;
  /** Empty for a plain-http server: client-go sends no credentials over an open line either. */
  readonly credentials: UserCredentials;
  readonly impersonation: Impersonation | undefined;
}

export interface ServerAddress {
  /** For example `https://10.0.0.1:6443`. */
  readonly origin: string;
  /** Host and port, for display. */
  readonly host: string;
  /** What comes before every path, without a trailing slash; mostly empty. */
  readonly pathPrefix: string;
  readonly isTls: boolean;
}

export interface TlsSettings {
  /** Undefined: the authorities that Node trusts. */
  readonly certificateAuthority: PemSource | undefined;
  /** What the server's certificate must be for, and the SNI, when it is not the host. */
  readonly serverName: string | undefined;
  readonly insecureSkipVerify: boolean;
}

/** PEM text from the kubeconfig itself, or a file (absolute path) that may rotate. */
export type PemSource =
  | { readonly kind: 'data'; readonly pem: string }
  | { readonly kind: 'file'; readonly path: string };

export interface UserCredentials {
  readonly clientCertificate: ClientCertificateSource | undefined;
  readonly authorization: Authorization;
}

export type ClientCertificateSource =
  | { readonly kind: 'data'; readonly certificate: string; readonly key: Secret }
  | { readonly kind: 'file'; readonly certificatePath: string; readonly keyPath: string };

/** client-go's order: a token or a password first; a plugin only where there is neither, nor a client certificate. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: Secret }
  /** `lastToken` serves until the file has been read, and whenever it cannot be. */
  | { readonly kind: 'token-file'; readonly path: string; readonly lastToken: Secret }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'exec'; readonly plugin: ExecPlugin };

export interface ExecPlugin {
  readonly apiVersion: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1';
  /** A name to be found on PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly installHint: string;
  /** `spec.cluster` of what the plugin is told, if it wants to know; always without the client's own credentials. */
  readonly cluster: Readonly<Record<string, unknown>> | undefined;
  /** Where the plugin is configured, for messages: file and user. */
  readonly place: string;
}

/** Whom the API server shall take the kubeconfig's user for. */
export interface Impersonation {
  readonly user: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}
