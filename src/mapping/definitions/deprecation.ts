/**
 * Why something is deprecated, as its description says: Go's convention is a paragraph, or the last sentences of one,
 * that begin with `Deprecated:`. Undefined where it says nothing.
 *
 * The reason is the rest of that paragraph, which names the replacement and the release where its author did.
 */
export function deprecationIn(description: string | undefined): string | undefined {
  // Most descriptions say nothing of it, and a schema has some 100,000.
  if (description === undefined || !/deprecated/i.test(description)) return undefined;
  const said = SAID.exec(description);
  if (said === null) return undefined;
  const paragraph = description.slice(said.index + said[0].length).split(/\n\s*\n/)[0] as string;
  const reason = paragraph.replaceAll(/\s+/g, ' ').trim();
  if (said[1] !== undefined) return `Deprecated ${said[1]} ${reason}`;
  return /\p{L}/u.test(reason) ? reason : NO_REASON;
}

/** Where the description says that something is deprecated, and nothing more. */
const NO_REASON = 'The API server does not say why, or what to use instead.';

/** At the start of a sentence, or `is deprecated:` within one. The group: `in`, which belongs to what follows it. */
const SAID =
  /(?:(?:^|[.!?)\]]\s+|\n\s*|[[(])deprecated|\bis deprecated(?=:))(?:\s*:\s*|\s*[.,]|\s+[–-]\s+|\s+(in)\s+|\s*$)/i;
