import type { GraphQLObjectType } from 'graphql';
import { apiVersionOf, type GroupVersion, pathOf, type Resource, stabilityOf } from '../catalog/resource.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { ResourceNames } from '../mapping/naming.ts';
import { tryParseJson } from '../util/json.ts';
import { type Args, bodyOf, call, type OperationContext, pathSegment } from './call.ts';
import { parseObjectId } from './computed-fields.ts';

/** A hand-written field's value as JSON, before the selection is applied; and its type where the schema leaves it open. */
export interface BaseValue {
  readonly json: Buffer;
  readonly type?: GraphQLObjectType;
}

type BaseField = (context: OperationContext, responseName: string, args: Args) => Promise<BaseValue>;

/** The fields of `Query` in base.graphql. A test compares the two lists. */
export const BASE_FIELDS: Readonly<Record<string, BaseField>> = {
  apiResources: async (context, _, args) => jsonValue(apiResources(context, args)),
  apiVersions: async (context) => jsonValue(apiVersions(context)),
  version: async (context, responseName) => ({ json: await get(context, responseName, '/version') }),
  object,
  raw,
};

function apiResources(context: OperationContext, args: Args): readonly unknown[] {
  const { names } = context.schema;
  const matches = (resource: Resource): boolean =>
    equalsIfGiven(args['group'], resource.group) &&
    equalsIfGiven(args['version'], resource.version) &&
    equalsIfGiven(args['namespaced'], resource.namespaced) &&
    containsAll(args['verbs'], resource.verbs) &&
    containsAll(args['categories'], resource.categories);
  return [...names.names]
    .filter(([resource]) => matches(resource))
    .map(([resource, own]) => ({
      name: resource.resource,
      singularName: resource.singular,
      shortNames: resource.shortNames,
      group: resource.group,
      version: resource.version,
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      namespaced: resource.namespaced,
      verbs: resource.verbs,
      categories: resource.categories,
      stability: stabilityOf(resource.version),
      preferred: names.preferred.has(resource),
      fields: fieldNames(context, resource, own),
    }));
}

function fieldNames(
  context: OperationContext,
  resource: Resource,
  own: ResourceNames,
): Readonly<Record<string, string | null>> {
  const query = context.schema.names.fields.query;
  const ifMine = (name: string): string | null => (query.get(name)?.resource === resource ? name : null);
  return {
    list: ifMine(own.qualified.list),
    get: ifMine(own.qualified.get),
    shortList: ifMine(own.short.list),
    shortGet: ifMine(own.short.get),
  };
}

function apiVersions(context: OperationContext): readonly unknown[] {
  return context.catalog.discovery.groups.flatMap(({ versions }) =>
    versions.map((version: GroupVersion, index) => ({
      apiVersion: apiVersionOf(version),
      group: version.group,
      version: version.version,
      stability: stabilityOf(version.version),
      preferred: index === 0,
      stale: version.stale,
    })),
  );
}

async function object(context: OperationContext, responseName: string, args: Args): Promise<BaseValue> {
  const reference = parseObjectId(String(args['id']));
  const isMeant = (resource: Resource): boolean =>
    resource.group === reference.group &&
    resource.version === reference.version &&
    resource.resource === reference.resource;
  const resource = [...context.schema.names.names.keys()].find(isMeant);
  if (resource === undefined) {
    throw new KubegraphError(
      'NOT_FOUND',
      `the API server no longer serves ${reference.resource} in ${apiVersionOf(reference)}`,
    );
  }
  const namespace = reference.namespace === '' ? undefined : pathSegment(reference.namespace, 'namespace');
  const path = pathOf(resource, namespace, pathSegment(reference.name, 'name'));
  const type = await context.schema.typeOf(resource, context.identity);
  return { json: await get(context, responseName, path), type };
}

/** Any path, as `kubectl get --raw`. What is not JSON becomes a JSON string. */
async function raw(context: OperationContext, responseName: string, args: Args): Promise<BaseValue> {
  const url = rawUrl(String(args['path']));
  // Query parameters that would turn a read into an endless stream, or into another read than the one that is bounded.
  if (url.searchParams.has('watch') || url.searchParams.has('follow') || isOldWatch(url.pathname)) {
    throw new KubegraphError('BAD_USER_INPUT', 'raw answers once: use a subscription to watch or follow');
  }
  const answer = await call(context, responseName, {
    method: 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    accept: 'application/json, */*',
    compress: true,
  });
  const body = await bodyOf(context, answer);
  const isJson = /\bjson\b/.test(answer.contentType) || tryParseJson(body.toString('utf8')) !== undefined;
  return { json: isJson ? body : Buffer.from(JSON.stringify(body.toString('utf8'))) };
}

/** Watches as they were before the query parameter; servers still have them, and decode a path before they read it. */
function isOldWatch(pathname: string): boolean {
  try {
    return /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/watch\//.test(decodeURIComponent(pathname));
  } catch {
    throw new KubegraphError('BAD_USER_INPUT', '"path" has a percent sign that encodes nothing');
  }
}

function rawUrl(path: string): URL {
  // A URL's parser would take backslashes for slashes and resolve dots: what is asked for must be what is written.
  const isPlain = /^\/(?!\/)[^\\]*$/.test(path) && !/(?:^|\/)\.{1,2}(?:[/?]|$)/.test(path);
  if (!isPlain || !URL.canParse(path, 'http://localhost')) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      '"path" must be a path of the API server, for example "/healthz"',
    );
  }
  return new URL(path, 'http://localhost');
}

async function get(context: OperationContext, responseName: string, path: string): Promise<Buffer> {
  const answer = await call(context, responseName, { method: 'GET', path });
  return bodyOf(context, answer);
}

function jsonValue(value: unknown): BaseValue {
  return { json: Buffer.from(JSON.stringify(value)) };
}

function equalsIfGiven(wanted: unknown, value: string | boolean): boolean {
  return wanted === undefined || wanted === null || wanted === value;
}

function containsAll(wanted: unknown, values: readonly string[]): boolean {
  return !Array.isArray(wanted) || wanted.every((value) => values.includes(value));
}
