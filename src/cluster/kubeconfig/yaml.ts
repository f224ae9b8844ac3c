import { parseAllDocuments, type Tags } from 'yaml';
import { type Place, refusal } from './refusal.ts';

/** Dates and times (`2024-01-02`, `12:30:45`) stay texts, as in Go's reader. */
function isKnownToGo(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return true;
  return tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME');
}

/**
 * The value of a kubeconfig's text. client-go reads YAML 1.1 (`yes` is true), lets the last of two equal keys win and
 * looks at the first document only.
 */
export function parseKubeconfigText(text: string, place: Place): unknown {
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    customTags: (tags: Tags) => tags.filter(isKnownToGo),
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
