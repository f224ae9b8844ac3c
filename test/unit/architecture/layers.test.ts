import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf, type Layers, sourceFiles, upwardImports } from './imports.ts';

/** Lower folders never import higher ones; `projection` with `protobuf` and `watch` stand side by side. */
const LAYERS: Layers = {
  util: [],
  errors: ['util'],
  cluster: ['util', 'errors'],
  channels: ['util', 'errors', 'cluster'],
  exec: ['util', 'errors', 'cluster', 'channels'],
  ports: ['util', 'errors', 'cluster', 'channels'],
  catalog: ['util', 'errors', 'cluster'],
  projection: ['util', 'errors', 'cluster', 'catalog'],
  protobuf: ['projection'],
  watch: ['util', 'errors', 'cluster', 'catalog'],
  logs: ['util', 'errors', 'cluster', 'watch'],
  mapping: ['util', 'errors', 'cluster', 'catalog', 'projection'],
  introspection: ['util', 'errors', 'cluster', 'catalog', 'projection', 'mapping'],
  execution: [
    'util',
    'errors',
    'cluster',
    'catalog',
    'projection',
    'protobuf',
    'watch',
    'logs',
    'mapping',
    'introspection',
    'exec',
  ],
  server: [
    'util',
    'errors',
    'cluster',
    'catalog',
    'projection',
    'watch',
    'logs',
    'mapping',
    'introspection',
    'execution',
    'exec',
  ],
  sdl: ['util', 'errors', 'cluster', 'catalog', 'projection', 'mapping'],
  cli: [
    'util',
    'errors',
    'cluster',
    'catalog',
    'projection',
    'watch',
    'mapping',
    'introspection',
    'execution',
    'server',
    'sdl',
    'exec',
    'ports',
  ],
  serverless: [
    'util',
    'errors',
    'cluster',
    'catalog',
    'projection',
    'watch',
    'mapping',
    'introspection',
    'execution',
    'server',
  ],
};

const SOURCES = sourceFiles(fileURLToPath(new URL('../../../src', import.meta.url)));

/** No file of the product is longer: it holds one idea. */
const MAX_LINES = 300;

describe('the sources', () => {
  it('import in one direction, and the demo cluster through its command only', () => {
    expect(SOURCES.length).toBeGreaterThan(100);
    expect(upwardImports(SOURCES, LAYERS)).toEqual([
      'cli/demo-cluster.ts imports ../../demo/start.ts',
      'cli/demo-cluster.ts imports ../../demo/start.ts',
    ]);
  });

  it('name files with their extension, and packages by their name', () => {
    const odd = SOURCES.flatMap((file) =>
      importsOf(file)
        .filter(
          (specifier) =>
            specifier.startsWith('/') || (specifier.startsWith('.') && !/\.(?:ts|json)$/.test(specifier)),
        )
        .map((specifier) => `${file.path} imports ${specifier}`),
    );
    expect(odd).toEqual([]);
  });

  it(`have no file of more than ${MAX_LINES} lines`, () => {
    const long = SOURCES.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length })).filter(
      ({ lines }) => lines > MAX_LINES,
    );
    expect(long).toEqual([]);
  });
});

describe('the check', () => {
  const planted = (path: string, text: string): readonly string[] => upwardImports([{ path, text }], LAYERS);

  it.each([
    ['an import', "import { serve } from '../cli/serve.ts';"],
    ['a type', "import type { Engine } from '../execution/engine.ts';"],
    ['an import over several lines', "import {\n  type A,\n  B,\n} from '../mapping/naming.ts';"],
    ['an export', "export { Engine } from '../execution/engine.ts';"],
    ['an import for its effects', "import '../server/gateway.ts';"],
    ['a dynamic import', "const { x } = await import('../server/yoga.ts');"],
    ['one after a sound one', "import { z } from '../util/json.ts';\nimport { Hub } from '../watch/hub.ts';"],
    ['one out of the sources', "import { x } from '../../test/unit/support/x.ts';"],
  ])('catches %s that points up', (_, text) => {
    expect(planted('catalog/catalog.ts', text)).toHaveLength(1);
  });

  it('names the file and the import', () => {
    expect(planted('cluster/transport/send.ts', "import { a } from '../../catalog/resource.ts';")).toEqual([
      'cluster/transport/send.ts imports ../../catalog/resource.ts',
    ]);
  });

  it.each([
    ['projection/peek.ts', "import { a } from '../watch/hub.ts';"],
    ['watch/hub.ts', "import { a } from '../projection/peek.ts';"],
  ])('keeps %s away from its neighbour', (path, text) => {
    expect(planted(path, text)).toHaveLength(1);
  });

  it('catches a folder without a place', () => {
    expect(planted('helpers/a.ts', '')).toEqual([
      'helpers/a.ts is in a folder that has no place in the layers',
    ]);
  });

  it.each([
    [
      'catalog/catalog.ts',
      "import { a } from './resource.ts';\nimport { b } from '../cluster/upstream.ts';\nimport c from 'node:fs';",
    ],
    ['cluster/transport/send.ts', "import { a } from '../upstream.ts';"],
    [
      'catalog/catalog.ts',
      "// import { a } from '../server/yoga.ts';\n/* export * from '../cli/main.ts'; */",
    ],
  ])('lets sound imports pass: %s', (path, text) => {
    expect(planted(path, text)).toEqual([]);
  });
});
