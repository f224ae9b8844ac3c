import type { Stability } from '../catalog/resource.ts';
import { DEFAULT_SCHEMA_OPTIONS, type SchemaOptions } from '../mapping/schema-options.ts';

/** The settings of the schema as somebody wrote them: flags, a file or environment variables. */
export type SchemaSettings = Partial<Readonly<Record<keyof SchemaOptions, unknown>>>;

/** Makes the error for a setting; the words follow its name. */
export type RefuseSetting = (setting: keyof SchemaOptions, words: string) => Error;

/** The options that settings mean; what is not set is as by default. Throws what `refuse` makes. */
export function readSchemaSettings(settings: SchemaSettings, refuse: RefuseSetting): SchemaOptions {
  const { include, exclude, stability, names } = settings;
  return {
    include: include === undefined ? DEFAULT_SCHEMA_OPTIONS.include : patterns('include', include, refuse),
    exclude: exclude === undefined ? DEFAULT_SCHEMA_OPTIONS.exclude : patterns('exclude', exclude, refuse),
    stability: stability === undefined ? DEFAULT_SCHEMA_OPTIONS.stability : readStability(stability, refuse),
    names: names === undefined ? DEFAULT_SCHEMA_OPTIONS.names : readNames(names, refuse),
  };
}

/** `apps`, `core`, `*.upbound.io`, `argoproj.io/v1alpha1`. */
const PATTERN = /^(?:\*\.)?[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?(?:\/[a-z0-9][-a-z0-9]*)?$/;

function patterns(setting: 'include' | 'exclude', value: unknown, refuse: RefuseSetting): readonly string[] {
  if (!isListOfTexts(value)) throw refuse(setting, 'is a list of groups');
  const wrong = value.find((pattern) => !PATTERN.test(pattern));
  if (wrong === undefined) return value;
  throw refuse(
    setting,
    `takes groups (apps, core, *.example.com) and versions of them (apps/v1), not ${JSON.stringify(wrong)}`,
  );
}

const STABILITIES: Readonly<Record<string, Stability>> = { alpha: 'ALPHA', beta: 'BETA', stable: 'STABLE' };

function readStability(value: unknown, refuse: RefuseSetting): Stability {
  const stability =
    typeof value === 'string' && Object.hasOwn(STABILITIES, value) ? STABILITIES[value] : undefined;
  if (stability !== undefined) return stability;
  throw refuse('stability', `is alpha, beta or stable, not ${JSON.stringify(value)}`);
}

function readNames(value: unknown, refuse: RefuseSetting): SchemaOptions['names'] {
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isPlain) throw refuse('names', 'is an object of groups by the list fields that shall mean them');
  for (const [field, group] of Object.entries(value)) {
    if (!/^[a-z]\w*$/.test(field))
      throw refuse('names', `has keys such as "clusters", not ${JSON.stringify(field)}`);
    if (typeof group !== 'string' || !PATTERN.test(group) || group.startsWith('*'))
      throw refuse('names', `gives ${field} a group or a version of one, not ${JSON.stringify(group)}`);
  }
  // Every value has just been seen to be a text.
  return value as SchemaOptions['names'];
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
