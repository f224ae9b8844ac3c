import { describe, expect, it } from 'vitest';
import { pathOfSegments, segmentsOf } from '../../../../src/catalog/explain/field-path.ts';

describe('a path', () => {
  it.each([
    ['pods', ['pods']],
    ['pods.spec.containers', ['pods', 'spec', 'containers']],
    ['pods.spec.', ['pods', 'spec']],
    ["pods.spec['containers']", ['pods', 'spec', 'containers']],
    ["pods['spec']['containers'].name", ['pods', 'spec', 'containers', 'name']],
    [String.raw`things.dotted\.name`, ['things', 'dotted.name']],
    ["things['dotted.name'].x", ['things', 'dotted.name', 'x']],
    ['crd.$ref', ['crd', '$ref']],
  ])('%s is taken apart', (path, segments) => {
    expect(segmentsOf(path)).toEqual(segments);
  });

  it.each([
    '',
    '.',
    '.pods',
    'pods..spec',
    'pods[0].spec',
    'pods[*]',
    'pods spec',
    'pods.{x}',
    'pods.\\',
    "pods['",
  ])('%j is none', (path) => {
    expect(() => segmentsOf(path)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it.each([[['a', 'b.c', '$ref', "d['e']", '\\', 'x y']], [['pods']]])(
    'of %j is taken apart into them',
    (names) => {
      expect(segmentsOf(pathOfSegments(names))).toEqual(names);
    },
  );
});
