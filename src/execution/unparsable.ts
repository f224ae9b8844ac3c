import { GraphQLError } from 'graphql';
import type { TrustedDocuments } from './documents.ts';
import { parseDocument } from './plan.ts';

/** More of them would hide the first ones. */
const MAX_NAMED = 5;

/** Names the documents that are not GraphQL, and says why; undefined when all are. */
export function unparsableDocuments({ texts }: TrustedDocuments): string | undefined {
  const wrong = [...texts].flatMap(([name, text]) => {
    const parsed = parseDocument(text);
    return parsed instanceof GraphQLError ? [`${JSON.stringify(name)} (${parsed.message})`] : [];
  });
  if (wrong.length === 0) return undefined;
  const more = wrong.length > MAX_NAMED ? `, and ${wrong.length - MAX_NAMED} more` : '';
  return `trusted documents that are not GraphQL: ${wrong.slice(0, MAX_NAMED).join(', ')}${more}`;
}
