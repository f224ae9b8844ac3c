import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../../src/catalog/explain/explanation.ts';
import { schemaNodesOf } from '../../../../src/catalog/explain/schema-node.ts';
import { explainText } from '../../../../src/catalog/explain/text.ts';
import { THING, THING_DOCUMENT } from './thing-document.ts';

const schemas = schemaNodesOf(THING_DOCUMENT);

function kubectlText(name: string): string {
  return readFileSync(new URL(`texts/${name}.txt`, import.meta.url), 'utf8');
}

describe("an explanation's text is kubectl's, byte for byte:", () => {
  it.each([
    ['thing', [], false],
    ['thing-recursive', [], true],
    ['spec', ['spec'], false],
    ['color', ['spec', 'color'], false],
    ['level', ['spec', 'level'], false],
    ['parts', ['spec', 'parts'], false],
    ['byName', ['spec', 'byName'], false],
    ['within', ['spec', 'byName', 'within'], false],
    ['constructor', ['spec', 'constructor'], false],
    ['dotted', ['spec', 'dotted.name'], false],
    ['when', ['spec', 'when'], false],
    ['port', ['spec', 'port'], false],
  ])('%s', (name, fields, recursive) => {
    const explanation = explain(schemas, { resource: THING, head: ['things'], fields }, recursive);
    expect(explainText(explanation)).toBe(kubectlText(name));
  });
});
