import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/command.ts';
import { readSchemaFlags } from '../../../src/cli/schema-flags.ts';
import { DEFAULT_SCHEMA_OPTIONS } from '../../../src/mapping/schema-options.ts';
import { testDirectory } from '../cluster/support/directory.ts';

/** What the schema shows by a file of this text, with flags beside it. */
function optionsOf(text: string, flags: Parameters<typeof readSchemaFlags>[0] = {}) {
  return readSchemaFlags({ ...flags, config: testDirectory().write('kubegraph.yaml', text) });
}

describe('the flags of the schema', () => {
  it('take groups with commas between, as kubectl does, and repeated', () => {
    expect(readSchemaFlags({ include: ['apps,batch', 'core'], exclude: ['a.example.com, *.b.io'] })).toEqual({
      ...DEFAULT_SCHEMA_OPTIONS,
      include: ['apps', 'batch', 'core'],
      exclude: ['a.example.com', '*.b.io'],
    });
  });

  it.each(['apps,', ',', ''])('refuse the empty group in %j', (include) => {
    expect(() => readSchemaFlags({ include: [include] })).toThrow(/^--include takes groups .* not ""$/);
  });
});

const FILE = `
# What our clients use.
include: [apps, "*.upbound.io"]
exclude:
  - apps/v1beta1
stability: alpha
names: { clusters: cluster.x-k8s.io, events: core/v1 }
`;

describe('the file of settings', () => {
  it('says what the schema shows', () => {
    expect(optionsOf(FILE)).toEqual({
      include: ['apps', '*.upbound.io'],
      exclude: ['apps/v1beta1'],
      stability: 'ALPHA',
      names: { clusters: 'cluster.x-k8s.io', events: 'core/v1' },
    });
  });

  it('loses to flags, setting by setting', () => {
    expect(optionsOf(FILE, { include: ['batch'], stability: 'stable' })).toMatchObject({
      include: ['batch'],
      exclude: ['apps/v1beta1'],
      stability: 'STABLE',
    });
  });

  it.each(['', '# nothing\n', '{}', 'include:\n', 'stability: ~\nnames:\n'])(
    '%j leaves everything as it is without one',
    (text) => {
      expect(optionsOf(text)).toEqual(DEFAULT_SCHEMA_OPTIONS);
      expect(readSchemaFlags({})).toEqual(DEFAULT_SCHEMA_OPTIONS);
    },
  );

  it.each<[string, string, RegExp]>([
    [
      'an unknown setting',
      'include: [apps]\nexlude: [batch]\n',
      /kubegraph\.yaml, line 2: there is no setting "exlude", only include, exclude, stability, names/,
    ],
    ['an inherited one', 'toString: 1\n', /line 1: there is no setting "toString"/],
    ['what is no YAML', 'include: [apps\nexclude: [\n', /kubegraph\.yaml, line \d+ is not YAML/],
    ['the same setting twice', 'include: [a]\ninclude: [b]\n', /line 2 is not YAML/],
    ['a list of settings', '- include\n', /kubegraph\.yaml is a YAML object of settings/],
    ['an alias of nothing', 'include: *x\n', /kubegraph\.yaml.* is not YAML/],
    ['one group that is no list', '\ninclude: apps\n', /line 2: include is a list of groups/],
    ['a group that is a number', 'exclude: [1]\n', /line 1: exclude is a list of groups/],
    ['a group that cannot be one', 'include: ["Apps"]\n', /line 1: include takes groups .* not "Apps"/],
    ['an unknown level', 'stability: gamma\n', /line 1: stability is alpha, beta or stable, not "gamma"/],
    ['an inherited level', 'stability: constructor\n', /stability is alpha, beta or stable/],
    ['names that are none', 'names: [a]\n', /line 1: names is an object/],
    [
      'a name that no field has',
      'names: { Clusters: x }\n',
      /names has keys such as "clusters", not "Clusters"/,
    ],
    ['a name of all groups', 'names: { clusters: "*.x" }\n', /names gives clusters a group .* not "\*\.x"/],
  ])('is refused with %s', (_, text, words) => {
    expect(() => optionsOf(text)).toThrow(UsageError);
    expect(() => optionsOf(text)).toThrow(words);
  });

  it('is not blamed for a flag', () => {
    expect(() => optionsOf(FILE, { stability: 'gamma' })).toThrow(/^--stability is alpha/);
  });
});
