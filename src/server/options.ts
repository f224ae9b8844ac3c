/** Who a request acts as. See docs/explanation/identity.md. */
export type AuthMode = 'kubeconfig' | 'passthrough';

/** Largest request body: the API server's own limit for objects. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

export const GRAPHQL_PATH = '/graphql';

/** Below it is the API server's own surface, where it is served. */
export const RAW_PREFIX = '/k8s/';

/** Below it are the APIs of the cluster's services, where they are served. */
export const SERVICES_PREFIX = '/services/';

/** Below it are logs of containers as plain text. */
export const LOGS_PREFIX = '/logs/';
