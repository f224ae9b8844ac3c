import type { SchemaOptions } from '../mapping/schema-options.ts';
import { readSchemaSettings, type SchemaSettings } from '../server/schema-settings.ts';
import { type Flags, type FlagSpec, UsageError } from './command.ts';
import { type ConfigFile, readConfigFile } from './config.ts';

/** The flags that say what the schema shows, for every command that has one. */
export const SCHEMA_FLAGS: Readonly<Record<string, FlagSpec>> = {
  include: {
    type: 'string',
    multiple: true,
    value: 'GROUP',
    description:
      'Only this group (apps, core), the groups below a domain (*.upbound.io) or a version (apps/v1), whatever its stability. Several with commas between; repeatable.',
  },
  exclude: {
    type: 'string',
    multiple: true,
    value: 'GROUP',
    description:
      'Not this one, in the same words. Wins over --include. Several with commas between; repeatable.',
  },
  stability: {
    type: 'string',
    value: 'LEVEL',
    description: 'The least stable versions to show: alpha, beta or stable. Default: beta.',
  },
  config: {
    type: 'string',
    value: 'FILE',
    description: 'A YAML file of settings: these flags and some more. Flags win over it.',
  },
};

/** What the schema shows by the flags and the file that they name. Throws UsageError. */
export function readSchemaFlags(flags: Flags, config = readConfigFlag(flags)): SchemaOptions {
  const given: SchemaSettings = Object.fromEntries(
    ['include', 'exclude', 'stability'].flatMap((name) => {
      const value = flags[name];
      if (value === undefined) return [];
      return [[name, typeof value === 'object' ? value.flatMap(groups) : value]];
    }),
  );
  return readSchemaSettings({ ...config?.settings, ...given }, (setting, words) => {
    const place = setting in given ? `--${setting}` : `${config?.place(setting)}: ${setting}`;
    return new UsageError(`${place} ${words}`);
  });
}

/** The file of settings that the flags name. Throws UsageError. */
export function readConfigFlag(flags: Flags): ConfigFile | undefined {
  return typeof flags['config'] === 'string' ? readConfigFile(flags['config']) : undefined;
}

/** A value as in `--include apps,batch`; kubectl takes lists so, too. */
function groups(list: string): readonly string[] {
  return list.split(',').map((group) => group.trim());
}
