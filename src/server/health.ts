import { type Catalogs } from '../catalog/catalog.ts';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import type { AuthMode } from './options.ts';

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: string;
}

/**
 * Whether requests can be answered: the API server has been seen since the start. In passthrough mode the gateway has nothing to ask the
 * API server with, so it is ready as soon as it listens.
 */
export async function readiness(
  catalogs: Catalogs,
  mode: AuthMode,
  isShuttingDown: boolean,
): Promise<HealthAnswer> {
  if (isShuttingDown) return { status: 503, body: 'shutting down\n' };
  if (mode === 'passthrough') return { status: 200, body: 'ok\n' };
  try {
    await catalogs.confirm(KUBECONFIG_IDENTITY);
  } catch (error) {
    return { status: 503, body: `not ready: ${error instanceof Error ? error.message : 'no catalogue'}\n` };
  }
  const { refreshError, problems } = catalogs.status;
  const remarks = [
    ...(refreshError === undefined ? [] : [`the last look at the API server failed: ${refreshError}`]),
    ...problems,
  ];
  return { status: 200, body: ['ok', ...remarks, ''].join('\n') };
}
