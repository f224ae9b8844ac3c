import { pageNotFound, textAnswer, type Answer } from './answer.ts';

/** What a health endpoint says it has looked at. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', 'poststarthook/rbac/bootstrap-roles'],
  livez: ['ping', 'log', 'etcd', 'poststarthook/rbac/bootstrap-roles'],
  readyz: [
    'ping',
    'log',
    'etcd',
    'etcd-readiness',
    'informer-sync',
    'poststarthook/rbac/bootstrap-roles',
    'shutdown',
  ],
};

/** `/healthz`, `/livez`, `/readyz` and the single checks below them; undefined for other paths. All is always well. */
export function healthAnswer(path: string, query: URLSearchParams): Answer | undefined {
  const [, endpoint = '', ...rest] = path.split('/');
  const checks = CHECKS[endpoint];
  if (checks === undefined) return undefined;
  if (rest.length > 0) return checks.includes(rest.join('/')) ? textAnswer(200, 'ok') : pageNotFound;
  if (!query.has('verbose')) return textAnswer(200, 'ok');
  const excluded = query.getAll('exclude');
  const lines = checks.map((check) =>
    excluded.includes(check) ? `[+]${check} excluded: ok` : `[+]${check} ok`,
  );
  const unknown = excluded.filter((check) => !checks.includes(check)).map((check) => JSON.stringify(check));
  const warning =
    unknown.length === 0
      ? []
      : [`warn: some health checks cannot be excluded: no matches for ${unknown.join(',')}`];
  return textAnswer(200, `${[...lines, ...warning, `${endpoint} check passed`].join('\n')}\n`);
}
