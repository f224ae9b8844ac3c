/** A parameter as the documents have it, without its description. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly required?: true;
  readonly schema: { readonly type: string; readonly uniqueItems: true };
}

/** What an operation does: the value of `x-kubernetes-action`. */
export type Action = 'list' | 'post' | 'deletecollection' | 'get' | 'put' | 'delete' | 'patch' | 'connect';

const SELECT = [
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
];
const LIST = [
  ...SELECT,
  'allowWatchBookmarks',
  'sendInitialEvents',
  'shardSelector',
  'timeoutSeconds',
  'watch',
];
const WRITE = ['dryRun', 'fieldManager', 'fieldValidation'];
const DELETE = [
  'dryRun',
  'gracePeriodSeconds',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'orphanDependents',
  'propagationPolicy',
];
const ATTACH = ['container', 'stderr', 'stdin', 'stdout', 'tty'];
const CONNECT: Readonly<Record<string, readonly string[]>> = {
  attach: ATTACH,
  exec: ['command', ...ATTACH],
  portforward: ['ports'],
};
const LOG = [
  'container',
  'follow',
  'insecureSkipTLSVerifyBackend',
  'limitBytes',
  'previous',
  'sinceSeconds',
  'stream',
  'tailLines',
  'timestamps',
];

const TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['gracePeriodSeconds', 'limit', 'limitBytes', 'ports', 'sinceSeconds', 'tailLines', 'timeoutSeconds'].map(
      (name) => [name, 'integer'],
    ),
  ),
  ...Object.fromEntries(
    [
      'allowWatchBookmarks',
      'follow',
      'force',
      'ignoreStoreReadErrorWithClusterBreakingPotential',
      'insecureSkipTLSVerifyBackend',
      'orphanDependents',
      'previous',
      'sendInitialEvents',
      'stderr',
      'stdin',
      'stdout',
      'timestamps',
      'tty',
      'watch',
    ].map((name) => [name, 'boolean']),
  ),
};

/** The query parameters of an operation, and those that its path has, by name. */
export function parametersOf(
  action: Action,
  of: { readonly isCustom: boolean; readonly subresource?: string; readonly path: string },
): readonly Parameter[] {
  const query = [...queryOf(action, of), ...(action === 'connect' ? [] : ['pretty'])].map(
    (name): Parameter => ({
      name,
      in: 'query',
      schema: { type: TYPES[name] ?? 'string', uniqueItems: true },
    }),
  );
  const path = [...of.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']): Parameter => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', uniqueItems: true },
  }));
  return [...query, ...path].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function queryOf(
  action: Action,
  { isCustom, subresource }: { readonly isCustom: boolean; readonly subresource?: string },
): readonly string[] {
  switch (action) {
    case 'list':
      return LIST;
    case 'post':
    case 'put':
      return WRITE;
    case 'patch':
      return [...WRITE, 'force'];
    case 'delete':
      return DELETE;
    case 'deletecollection':
      return isCustom ? LIST : [...SELECT, ...DELETE, 'sendInitialEvents', 'shardSelector', 'timeoutSeconds'];
    case 'get':
      if (subresource === 'log') return LOG;
      return isCustom ? ['resourceVersion'] : [];
    case 'connect':
      return CONNECT[subresource ?? ''] ?? [];
  }
}
