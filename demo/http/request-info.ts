import type { ResourceAttributes } from '../verbs/authorization.ts';

/** What a request asks for, by its method and URL alone: the terms in which access is granted. */
export type RequestInfo = ResourceInfo | PathInfo;

/**
 * The verb is empty for methods without a meaning. The namespace of a namespace is its own name; a name may also come from
 * `fieldSelector=metadata.name=…`.
 */
export interface ResourceInfo extends ResourceAttributes {
  /** Whether the path names an object. */
  readonly isNamed: boolean;
  /** More segments than a resource path has, as behind `/proxy/`. */
  readonly rest: readonly string[];
}

export interface PathInfo {
  readonly kind: 'path';
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

/** Reads a request as the real server's RequestInfo resolver does, with its special cases of namespaces. */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  // Only one slash at either end is let pass; an empty segment inside is an empty name.
  const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  const isCore = parts[0] === 'api' && parts.length >= 3;
  const isGroup = parts[0] === 'apis' && parts.length >= 4;
  if (!isCore && !isGroup) return { kind: 'path', verb: method.toLowerCase(), path };
  const [group, version, ...behind] = isCore ? ['', ...parts.slice(1)] : parts.slice(1);
  // The old form `/api/v1/watch/…` of a watch.
  const isWatchPath = behind[0] === 'watch' && behind.length > 1;
  const target = resourceParts(isWatchPath ? behind.slice(1) : behind);
  const isNamed = target.name !== '';
  return {
    kind: 'resource',
    verb: isWatchPath ? 'watch' : verbOf(method, isNamed, query),
    group: group as string,
    version: version as string,
    ...target,
    name: isNamed ? target.name : method === 'GET' || method === 'HEAD' ? selectedName(query) : '',
    isNamed,
  };
}

const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

function resourceParts(
  parts: readonly string[],
): Pick<ResourceInfo, 'namespace' | 'resource' | 'name' | 'subresource' | 'rest'> {
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 1;
  const namespace = isNamespaced ? (parts[1] as string) : '';
  const own =
    isNamespaced && parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2] as string)
      ? parts.slice(2)
      : parts;
  const [resource = '', name = '', subresource = '', ...rest] = own;
  return { namespace, resource, name, subresource, rest };
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function verbOf(method: string, isNamed: boolean, query: URLSearchParams): string {
  const verb = VERBS[method] ?? '';
  if (isNamed) return verb;
  if (verb === 'get') return isTrue(query.get('watch')) ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** A boolean parameter as the real server reads it: everything but `false` and `0` is true, also nothing: `?watch`. */
function isTrue(value: string | null): boolean {
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}

function selectedName(query: URLSearchParams): string {
  const terms = (query.get('fieldSelector') ?? '').split(',');
  const names = terms.map((term) => /^metadata\.name==?([^=]+)$/.exec(term.trim())?.[1]);
  return names.find((name) => name !== undefined) ?? '';
}
