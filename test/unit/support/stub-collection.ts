import { notFoundReply, statusReply, type StubReply } from './stub-reply.ts';
import { stubApiVersion, type StubResource } from './stub-resources.ts';

interface StoredObject {
  readonly namespace: string;
  readonly name: string;
  /** Without apiVersion and kind, which lists of built-ins leave out. */
  readonly text: string;
}

interface PageToken {
  /** -1 continues at the newest state. */
  readonly rv: number;
  readonly start: number;
}

/** The objects of one resource, and how the API server lists them. */
export class StubCollection {
  /** Whether tokens and old versions have been forgotten; a 410 then offers an inconsistent token. */
  isExpired = false;
  resourceVersion = 1000;
  readonly #resource: StubResource;
  #objects: StoredObject[] = [];

  constructor(resource: StubResource) {
    this.#resource = resource;
  }

  /** Stores an object. As text, its numbers and the order of its keys stay as they are. */
  put(object: object | string): void {
    const text = typeof object === 'string' ? object : JSON.stringify(object);
    const { metadata } = JSON.parse(text) as { metadata: { namespace?: string; name: string } };
    const { namespace = '', name } = metadata;
    this.#objects = this.#objects.filter((other) => other.name !== name || other.namespace !== namespace);
    this.#objects.push({ namespace, name, text });
    const keyOf = (object: StoredObject): string => `${object.namespace}/${object.name}`;
    this.#objects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  get(namespace: string, name: string): StubReply {
    const found = this.#find(namespace, name);
    if (found === undefined) return notFoundReply(this.#resource.plural, this.#resource.group, name);
    return { body: this.#whole(found.text) };
  }

  remove(namespace: string, name: string): StubReply {
    const found = this.#find(namespace, name);
    if (found === undefined) return notFoundReply(this.#resource.plural, this.#resource.group, name);
    this.#objects = this.#objects.filter((object) => object !== found);
    const { plural: kind, group } = this.#resource;
    const details = { name, kind, ...(group === '' ? {} : { group }) };
    return { body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
  }

  list(namespace: string | undefined, query: Readonly<Record<string, string>>): StubReply {
    const all = this.#objects.filter((object) => namespace === undefined || object.namespace === namespace);
    const token = query['continue'] === undefined ? undefined : readToken(query['continue']);
    if (this.isExpired && token !== undefined && token.rv >= 0)
      return expired(writeToken({ rv: -1, start: token.start }));
    if (this.isExpired && query['resourceVersionMatch'] === 'Exact') return expired(undefined);
    const start = token?.start ?? 0;
    const end =
      query['limit'] === undefined ? all.length : Math.min(all.length, start + Number(query['limit']));
    const isCut = end < all.length;
    // Beside selectors the server does not count.
    const isCounted = isCut && query['labelSelector'] === undefined && query['fieldSelector'] === undefined;
    return {
      body: this.#listText(all.slice(start, end), {
        continueToken: isCut ? writeToken({ rv: this.resourceVersion, start: end }) : undefined,
        remaining: isCounted ? all.length - end : undefined,
      }),
    };
  }

  #find(namespace: string, name: string): StoredObject | undefined {
    return this.#objects.find((object) => object.namespace === namespace && object.name === name);
  }

  #listText(
    objects: readonly StoredObject[],
    page: { continueToken: string | undefined; remaining: number | undefined },
  ): string {
    const { isCustom, kind } = this.#resource;
    const apiVersion = JSON.stringify(stubApiVersion(this.#resource));
    const items = objects.map(({ text }) => (isCustom ? this.#whole(text) : text)).join(',');
    const version = `"resourceVersion":"${this.resourceVersion}"`;
    const remaining = page.remaining === undefined ? '' : `,"remainingItemCount":${page.remaining}`;
    if (isCustom) {
      // Alphabetical: the position comes after the items, and the last page's token is empty instead of absent.
      const token = `"continue":"${page.continueToken ?? ''}"`;
      return `{"apiVersion":${apiVersion},"items":[${items}],"kind":"${kind}List","metadata":{${token}${remaining},${version}}}\n`;
    }
    const token = page.continueToken === undefined ? '' : `,"continue":"${page.continueToken}"`;
    return `{"kind":"${kind}List","apiVersion":${apiVersion},"metadata":{${version}${token}${remaining}},"items":[${items}]}\n`;
  }

  #whole(text: string): string {
    const apiVersion = JSON.stringify(stubApiVersion(this.#resource));
    const { isCustom, kind } = this.#resource;
    const head = isCustom
      ? `"apiVersion":${apiVersion},"kind":"${kind}"`
      : `"kind":"${kind}","apiVersion":${apiVersion}`;
    return `{${head},${text.slice(text.indexOf('{') + 1)}`;
  }
}

function expired(continueToken: string | undefined): StubReply {
  const message = 'The provided continue parameter is too old to display a consistent list result.';
  return statusReply(410, 'Expired', message, continueToken === undefined ? {} : { continueToken });
}

function writeToken(token: PageToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...token })).toString('base64url');
}

function readToken(text: string): PageToken {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as PageToken;
}
