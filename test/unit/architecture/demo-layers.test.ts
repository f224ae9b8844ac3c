import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Layers, sourceFiles, upwardImports } from './imports.ts';

const EVERYTHING = [
  'api',
  'storage',
  'schema',
  'registry',
  'fields',
  'verbs',
  'streams',
  'http',
  'life',
  'faults',
];

/** The table of demo/README.md. Files at the top put the parts together. */
const LAYERS: Layers = {
  api: [],
  storage: ['api'],
  schema: ['api'],
  registry: ['api', 'storage', 'schema'],
  fields: ['api', 'schema'],
  verbs: ['api', 'storage', 'schema', 'registry', 'fields'],
  streams: ['api', 'storage'],
  http: ['api', 'storage', 'schema', 'registry', 'fields', 'verbs', 'streams'],
  life: ['api', 'storage', 'streams'],
  faults: ['api', 'storage', 'http'],
  '': EVERYTHING,
};

const SOURCES = sourceFiles(fileURLToPath(new URL('../../../demo', import.meta.url)));

/** Generated: one constant. */
const GENERATED = 'schema/packed.ts';

const MAX_LINES = 300;

describe('the demo cluster', () => {
  it('imports in the direction of its README, and nothing of the product', () => {
    expect(SOURCES.length).toBeGreaterThan(100);
    expect(upwardImports(SOURCES, LAYERS)).toEqual([]);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const long = SOURCES.filter(({ path }) => path !== GENERATED)
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  it('carries schemas of less than 150 KB', () => {
    const packed = SOURCES.find(({ path }) => path === GENERATED);
    expect(packed?.text.length).toBeGreaterThan(10_000);
    expect(packed?.text.length).toBeLessThan(150 * 1024);
  });
});
