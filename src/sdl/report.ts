import type { ChangeLevel, SchemaChange } from './changes.ts';

/** How many changes there are of each level. */
export function countChanges(changes: readonly SchemaChange[]): Readonly<Record<ChangeLevel, number>> {
  const counts = { breaking: 0, dangerous: 0, safe: 0 };
  for (const { level } of changes) counts[level] += 1;
  return counts;
}

/** For people: a line for each change, under the levels with their counts. */
export function textReport(changes: readonly SchemaChange[]): string {
  if (changes.length === 0) return 'No changes.\n';
  const counts = countChanges(changes);
  const sections = LEVELS.filter((level) => counts[level] > 0).map((level) => {
    const lines = changes.filter((change) => change.level === level).map(({ message }) => `  ${message}\n`);
    return `${TITLES[level]} (${counts[level]})\n${lines.join('')}`;
  });
  return sections.join('\n');
}

/** For programs: the same as JSON. */
export function jsonReport(changes: readonly SchemaChange[]): string {
  return `${JSON.stringify({ counts: countChanges(changes), changes }, undefined, 2)}\n`;
}

const LEVELS: readonly ChangeLevel[] = ['breaking', 'dangerous', 'safe'];

const TITLES: Readonly<Record<ChangeLevel, string>> = {
  breaking: 'Breaking',
  dangerous: 'Dangerous',
  safe: 'Safe',
};
