import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Every page that is written here: what git has, or would take. */
const PAGES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trimEnd()
  .split('\n')
  .filter((page) => existsSync(path.join(ROOT, page)));

/** The targets of a page's links, those inside of code left out. */
function linksOf(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchors that a page has, as GitHub makes them from its headings. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = markdown.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#+ (.+)$/gm);
  return new Set([...headings].map(([, text = '']) => anchorOf(text)));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** Why a link leads nowhere; undefined when it does. */
function defectOf(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? path.join(ROOT, page) : path.resolve(ROOT, path.dirname(page), target);
  if (!existsSync(file)) return `${link}: no such file`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return anchorsOf(readFileSync(file, 'utf8')).has(anchor) ? undefined : `${link}: no such heading`;
}

describe('the pages', () => {
  it.each(PAGES)('%s links to what there is', (page) => {
    const links = linksOf(readFileSync(path.join(ROOT, page), 'utf8'));
    expect(links.flatMap((link) => defectOf(page, link) ?? [])).toEqual([]);
  });

  it('are all found', () => {
    expect(PAGES).toEqual(
      expect.arrayContaining(['README.md', 'docs/reference/values.md', 'docs/guides/caches.md']),
    );
  });
});

describe('the check', () => {
  it.each([
    ['[a](nowhere.md)', ['nowhere.md: no such file']],
    ['[a](README.md#no-such-heading)', ['README.md#no-such-heading: no such heading']],
    ['[a](docs/nowhere) and [b](README.md)', ['docs/nowhere: no such file']],
    ['[a](README.md#start) [b](docs/) [c](https://example.org/nowhere.md)', []],
    ['`[a](nowhere.md)`\n```\n[b](nowhere.md)\n```\n', []],
  ])('says of %j: %j', (markdown, defects) => {
    expect(linksOf(markdown).flatMap((link) => defectOf('README.md', link) ?? [])).toEqual(defects);
  });
});
