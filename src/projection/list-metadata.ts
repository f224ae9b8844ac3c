import { ByteWriter } from './byte-writer.ts';
import { peekStrings } from './peek.ts';
import { compileProgram, projectDocument } from './project.ts';

/** What a list says about itself, apart from its items. */
export interface ListMetadata {
  readonly resourceVersion: string | undefined;
  /** Set when there are further pages. */
  readonly continueToken: string | undefined;
  /** How many items further pages have, as the digits that the server wrote. */
  readonly remainingItemCount: string | undefined;
}

export const NO_METADATA: ListMetadata = {
  resourceVersion: undefined,
  continueToken: undefined,
  remainingItemCount: undefined,
};

const STRINGS = [['resourceVersion'], ['continue']] as const;
const COUNT = compileProgram({
  outputs: [{ kind: 'key', responseName: 'count', key: 'remainingItemCount', program: null }],
});

/** Reads the `metadata` of a list. Throws MalformedJson. */
export function readListMetadata(json: Buffer): ListMetadata {
  const [resourceVersion, continueToken] = peekStrings(json, STRINGS);
  return {
    resourceVersion,
    // The last page has no token, or, for custom resources, an empty one.
    continueToken: continueToken === '' ? undefined : continueToken,
    remainingItemCount: readCount(json),
  };
}

/** Not through JSON.parse: it would round digits beyond 2^53. */
function readCount(json: Buffer): string | undefined {
  const output = new ByteWriter();
  projectDocument(COUNT, json, output);
  return /^\{"count":(\d+)\}$/.exec(output.view().toString())?.[1];
}
