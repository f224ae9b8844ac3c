import type { Catalog } from '../catalog/catalog.ts';
import { apiVersionOf, type GroupVersion } from '../catalog/resource.ts';
import { matches, whyHidden } from '../mapping/names/visibility.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';

/** What the options name and the cluster does not have, or hides all the same: mostly misspelt or alpha. */
export function schemaWarnings(
  { discovery }: Pick<Catalog, 'discovery'>,
  options: SchemaOptions,
): readonly string[] {
  const versions = discovery.groups.flatMap((group) => group.versions);
  const unknown = options.exclude
    // A domain may well have no groups yet.
    .filter((pattern) => !pattern.startsWith('*.') && !versions.some((version) => matches(pattern, version)))
    .map((pattern) => `exclude names ${pattern}, which the cluster does not have`);
  return [...options.include.flatMap((pattern) => whyNothing(pattern, versions, options)), ...unknown];
}

/** Why a pattern of `include` shows nothing; empty where it shows something. */
function whyNothing(
  pattern: string,
  versions: readonly GroupVersion[],
  options: SchemaOptions,
): readonly string[] {
  const meant = versions.filter((version) => matches(pattern, version));
  if (meant.length === 0) return [`include names ${pattern}, which the cluster does not have`];
  const hidden = meant.flatMap((version) => {
    const reason = whyHidden(version, options);
    return reason === undefined ? [] : [`${apiVersionOf(version)} ${reason}`];
  });
  return hidden.length < meant.length
    ? []
    : [`include names ${pattern}, and shows nothing of it: ${hidden[0]}`];
}
