import { Lru } from '../../util/lru.ts';
import { kindKey } from '../openapi/shapes.ts';
import { apiVersionOf, type GroupVersionKind } from '../resource.ts';

/** In characters. The API server allows authors of custom resources 256, and its own words are shorter. */
const MAX_REASON_LENGTH = 256;

/** Kinds that are remembered to be deprecated. Some providers have hundreds. */
const MAX_KINDS = 10_000;

/**
 * What the API server has said about kinds that will go away. It says so nowhere but in the warnings of its answers, so
 * it is learnt as answers come. The same for everyone: which kinds there are, discovery tells everyone, too.
 *
 * A kind stays deprecated until the process ends: during an upgrade one API server warns and the next does not.
 */
export class Deprecations {
  readonly #reasons = new Lru<string, string>({ maxWeight: MAX_KINDS });
  #revision = 0;

  /** Changes whenever something new is known. */
  get revision(): number {
    return this.#revision;
  }

  /** The API server's words about a kind, such as `v1 Endpoints is deprecated in v1.33+; use …`. */
  reasonFor(of: GroupVersionKind): string | undefined {
    return this.#reasons.get(kindKey(of));
  }

  /**
   * Takes the warnings of an answer to a call on a kind's resource.
   *
   * @param isRead whether the call only read; then nothing but the API itself can have been warned of.
   */
  observe(of: GroupVersionKind, warnings: readonly string[], isRead = false): void {
    const reason =
      warnings.find((text) => namesKind(of, text)) ??
      (isRead ? warnings.find((text) => isAboutVersion(of, text)) : undefined);
    const key = kindKey(of);
    // The first words stay: during an upgrade two API servers have different ones, and each change rewrites schemas.
    if (reason === undefined || this.#reasons.get(key) !== undefined) return;
    this.#reasons.set(key, reason.slice(0, MAX_REASON_LENGTH));
    this.#revision++;
  }
}

/** The words of the API server itself, for its own kinds and as the default for custom ones. */
function namesKind(of: GroupVersionKind, text: string): boolean {
  return text.startsWith(`${apiVersionOf(of)} ${of.kind} is deprecated`);
}

/**
 * The words of a custom resource's author, which can be any: `The v1alpha2 version of TCPRoute has been deprecated`,
 * `This API version is deprecated.` On writes admission speaks through the same header, of fields and policies. Nothing
 * does on reads, save for proxies and about credentials, and they do not speak of a version or a kind.
 */
function isAboutVersion(of: GroupVersionKind, text: string): boolean {
  const words = text.split(/[^\w.]+/).map((word) => word.replace(/\.$/, ''));
  const isNamed = words.some((word) => [of.version, of.kind, 'version'].includes(word));
  return isNamed && isDeprecation(text) && !namesAnother(of, text);
}

function namesAnother(of: GroupVersionKind, text: string): boolean {
  const [, apiVersion, kind] = /^((?:[\w.-]+\/)?v\d\w*) (\w+) is deprecated\b/.exec(text) ?? [];
  if (apiVersion === undefined) return false;
  return kind !== of.kind || ![of.version, apiVersionOf(of)].includes(apiVersion);
}

function isDeprecation(text: string): boolean {
  return /\bdeprecat/i.test(text);
}
