/**
 * Breaks lines after at most `limit` characters, at white space, as kubectl does (`mitchellh/go-wordwrap`): a longer word
 * stands on a line of its own, line breaks that are there stay, and white space at a new one is dropped.
 */
export function wrapText(text: string, limit: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, limit))
    .join('\n');
}

function wrapLine(line: string, limit: number): string {
  let written = '';
  /** Characters on the current line, in `space` and in `word`: code points, not UTF-16 units. */
  let [length, spaceLength, wordLength] = [0, 0, 0];
  /** Not written yet: white space that a line break would replace, and the word behind it. */
  let [space, word] = ['', ''];
  for (const character of line) {
    if (isSpace(character)) {
      if (word !== '') {
        written += space + word;
        length += spaceLength + wordLength;
        [space, word, spaceLength, wordLength] = ['', '', 0, 0];
      }
      space += character;
      spaceLength++;
      continue;
    }
    word += character;
    wordLength++;
    if (length + spaceLength + wordLength > limit && wordLength < limit) {
      written += '\n';
      [space, length, spaceLength] = ['', 0, 0];
    }
  }
  const isTooLong = word === '' && length + spaceLength > limit;
  return isTooLong ? written : written + space + word;
}

/** Go's idea of white space; a no-break space is part of its word. */
function isSpace(character: string): boolean {
  return /[\s\u0085]/.test(character) && character !== '\u00a0' && character !== '\ufeff';
}
