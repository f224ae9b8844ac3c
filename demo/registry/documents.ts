import { createHash } from 'node:crypto';
import { apiVersionOf } from '../api/resource.ts';
import { builtInDocument, customDocument } from '../schema/documents.ts';
import type { Schema } from '../schema/schema.ts';
import {
  aggregatedDiscovery,
  legacyGroup,
  legacyGroups,
  legacyResources,
  legacyVersions,
} from './discovery.ts';
import type { LiveRegistry, ServedDefinition } from './registry.ts';
import { customSchemas } from './schemas.ts';

/** A text that the server gives as a whole. */
export interface ServedDocument {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag?: string;
}

export interface ServedOpenApiDocument extends ServedDocument {
  readonly etag: string;
  readonly hash: string;
}

export interface DocumentsOptions {
  readonly registry: LiveRegistry;
  /** `HOST:PORT`, as the server calls itself in `/api`. */
  readonly serverAddress: string;
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const JSON_TYPE = 'application/json';

type GroupVersion = { readonly group: string; readonly version: string };

/** Discovery and OpenAPI. Each document is made when it is first asked for, and again when what it describes has changed. */
export class RegistryDocuments {
  readonly #options: DocumentsOptions;
  readonly #openApi = new Map<string, CachedDocument>();
  readonly #discovery = new Map<
    string,
    { readonly generation: number; readonly document: ServedDocument | undefined }
  >();

  constructor(options: DocumentsOptions) {
    this.#options = options;
  }

  discovery(half: 'api' | 'apis', form: 'aggregated' | 'legacy'): ServedDocument {
    const { registry, serverAddress } = this.#options;
    const document = this.#cached(`${half} ${form}`, () => {
      if (form === 'aggregated') return withEtag(aggregatedDiscovery(registry, half), AGGREGATED);
      return json(half === 'api' ? legacyVersions(registry, serverAddress) : legacyGroups(registry));
    });
    return document ?? json({});
  }

  group(group: string): ServedDocument | undefined {
    return this.#cached(group, () => optional(legacyGroup(this.#options.registry, group)));
  }

  groupVersion(group: string, version: string): ServedDocument | undefined {
    return this.#cached(`${group}/${version}`, () =>
      optional(legacyResources(this.#options.registry, { group, version })),
    );
  }

  openApiIndex(): ServedDocument {
    const paths = this.#options.registry.groupVersions
      .map((groupVersion) => pathOf(groupVersion))
      .toSorted()
      .map((path) => [
        path,
        { serverRelativeURL: `/openapi/v3/${path}?hash=${this.openApiDocument(path)?.hash}` },
      ]);
    return { ...json({ paths: Object.fromEntries(paths) }), contentType: 'text/plain; charset=utf-8' };
  }

  openApiDocument(path: string): ServedOpenApiDocument | undefined {
    const groupVersion = this.#options.registry.groupVersions.find((each) => pathOf(each) === path);
    if (groupVersion === undefined) return undefined;
    const resources = this.#options.registry.resources.filter((resource) => isOf(groupVersion, resource));
    const definitions = resources.flatMap((resource) => this.#options.registry.definitionOf(resource) ?? []);
    const known = this.#openApi.get(path);
    if (known !== undefined && isSameSpec(known.definitions, definitions)) return known.document;
    const content =
      definitions.length === 0
        ? builtInDocument(groupVersion, resources)
        : customDocument(groupVersion, resources, schemasOf(definitions));
    const document = openApi(content);
    this.#openApi.set(path, { definitions, document });
    return document;
  }

  #cached(key: string, make: () => ServedDocument | undefined): ServedDocument | undefined {
    const { generation } = this.#options.registry;
    const known = this.#discovery.get(key);
    if (known?.generation === generation) return known.document;
    const document = make();
    this.#discovery.set(key, { generation, document });
    return document;
  }
}

interface CachedDocument {
  readonly definitions: readonly ServedDefinition[];
  readonly document: ServedOpenApiDocument;
}

/** Changes of a definition's metadata and status are none of its document. */
function isSameSpec(a: readonly ServedDefinition[], b: readonly ServedDefinition[]): boolean {
  return a.length === b.length && a.every(({ version }, index) => version === b[index]?.version);
}

function schemasOf(definitions: readonly ServedDefinition[]): Readonly<Record<string, Schema>> {
  const all = definitions.map(({ definition, version }) => customSchemas(definition, version));
  return Object.assign({}, ...all) as Readonly<Record<string, Schema>>;
}

function pathOf(groupVersion: GroupVersion): string {
  return `${groupVersion.group === '' ? 'api' : 'apis'}/${apiVersionOf(groupVersion)}`;
}

function isOf(a: GroupVersion, b: GroupVersion): boolean {
  return a.group === b.group && a.version === b.version;
}

function json(value: Readonly<Record<string, unknown>>): ServedDocument {
  return { body: Buffer.from(JSON.stringify(value)), contentType: JSON_TYPE };
}

function optional(value: Readonly<Record<string, unknown>> | undefined): ServedDocument | undefined {
  return value && json(value);
}

function withEtag(value: Readonly<Record<string, unknown>>, contentType: string): ServedDocument {
  const { body } = json(value);
  return { body, contentType, etag: `"${hashOf(body)}"` };
}

function openApi(value: Readonly<Record<string, unknown>>): ServedOpenApiDocument {
  const { body, contentType } = json(value);
  const hash = hashOf(body);
  return { body, contentType, hash, etag: `"${hash}"` };
}

function hashOf(body: Buffer): string {
  return createHash('sha512').update(body).digest('hex').toUpperCase();
}
