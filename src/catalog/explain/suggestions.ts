import { didYouMean } from 'graphql/jsutils/didYouMean.js';
import { suggestionList } from 'graphql/jsutils/suggestionList.js';

/** A sentence to put behind a message about a name that is not there, in GraphQL's words; empty without a similar one. */
export function suggestion(name: string, known: Iterable<string>): string {
  const hint = didYouMean(suggestionList(name, [...new Set(known)]));
  return hint === '' ? '' : `.${hint}`;
}
