import {
  buildASTSchema,
  type DocumentNode,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  Kind,
  parse,
  specifiedScalarTypes,
} from 'graphql';
import { differing } from './differing.ts';
import { DESCRIPTION_CHANGED, otherChanges } from './other-changes.ts';
import type { SdlDefinition, SdlOptions } from './write.ts';

/**
 *   breaking   a client that worked may fail now
 *   dangerous  a client may behave differently, such as by a changed default
 *   safe       everything else
 */
export type ChangeLevel = 'breaking' | 'dangerous' | 'safe';

export interface SchemaChange {
  readonly level: ChangeLevel;
  /** For machines, for example `FIELD_REMOVED`. */
  readonly type: string;
  /** A sentence that names the place. */
  readonly message: string;
}

/**
 * How a schema differs from an older SDL document: breaking changes first, then dangerous and safe ones, each by their
 * messages.
 *
 * @param options.descriptions whether those are compared. Default true.
 * @throws GraphQLError when `before` is no SDL, Error when it names types that it does not define.
 */
export function schemaChanges(
  before: string,
  after: readonly SdlDefinition[],
  options: SdlOptions = {},
): readonly SchemaChange[] {
  const texts = differing(before, after);
  const [old, now] = [buildOld(texts.before, before), build(texts.after)];
  const byMessage = new Map<string, SchemaChange>();
  for (const change of [
    ...findBreakingChanges(old, now).map((found) => leveled('breaking', found)),
    ...findDangerousChanges(old, now).map((found) => leveled('dangerous', found)),
    ...otherChanges(old, now),
  ]) {
    // The first to tell of a change knows its level.
    if (isMeant(change, options) && !byMessage.has(change.message)) byMessage.set(change.message, change);
  }
  return [...byMessage.values()].sort(
    (a, b) => RANK[a.level] - RANK[b.level] || (a.message < b.message ? -1 : 1),
  );
}

function isMeant({ type, message }: SchemaChange, { descriptions = true }: SdlOptions): boolean {
  // Built-in scalars come and go with their uses, and here only with what differs.
  if (specifiedScalarTypes.some(({ name }) => message === `${name} was added.`)) return false;
  if (message.startsWith('Standard scalar ')) return false;
  return descriptions || type !== DESCRIPTION_CHANGED;
}

const RANK: Readonly<Record<ChangeLevel, number>> = { breaking: 0, dangerous: 1, safe: 2 };

function leveled(
  level: ChangeLevel,
  { type, description }: { readonly type: string; readonly description: string },
): SchemaChange {
  return { level, type, message: description };
}

function buildOld(sdl: string, whole: string): GraphQLSchema {
  try {
    return build(sdl);
  } catch (error) {
    // The place of a mistake is the one in the whole document.
    parse(whole, { noLocation: true });
    throw error;
  }
}

function build(sdl: string): GraphQLSchema {
  // No document may be empty, but what is left of one may.
  const document = sdl === '' ? EMPTY : parse(sdl, { noLocation: true });
  // Rules are not applied: what has been left out would break some.
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}

const EMPTY: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
