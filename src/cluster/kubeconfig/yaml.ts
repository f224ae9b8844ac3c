import { parseAllDocuments, type Tags } from 'yaml';
import { type Place, refusal } from './refusal.ts';

/** Dates stay texts, as in Go's reader. */
const NOT_IN_GO = 'tag:yaml.org,2002:timestamp';

/**
 * The value of a kubeconfig's text. client-go reads YAML 1.1 (`yes` is true), lets the last of two equal keys win and
 * looks at the first document only.
 */
export function parseKubeconfigText(text: string, place: Place): unknown {
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    customTags: (tags: Tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== NOT_IN_GO),
  });
  if (document === undefined) return undefined;
  const [error] = 'errors' in document ? document.errors : [];
  if (error !== undefined) {
    throw refusal(place, `line ${lineAt(text, error.pos[0])}`, `is not YAML: ${error.message}`);
  }
  try {
    return 'toJS' in document ? document.toJS() : undefined;
  } catch (error) {
    // Aliases that multiply beyond the library's limit, or name no anchor.
    throw refusal(place, undefined, `is not YAML: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
