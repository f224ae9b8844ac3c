import { apiVersionOf, type Discovery, parseApiVersion } from '../../catalog/resource.ts';
import type { SchemaOptions } from '../schema-options.ts';
import type { GroupVersionName, PrefixOf } from './naming.ts';
import { type ApiVersionOfType, apiVersionsByType } from './prefixes.ts';
import type { Operation, RootField } from './resource-fields.ts';
import { RootNames } from './root-names.ts';
import { whyHidden } from './visibility.ts';

/** What a schema does not show and would show with other options: found by the names that it would have. */
export class HiddenNames {
  readonly #discovery: Discovery;
  readonly #options: SchemaOptions;
  readonly #prefixOf: PrefixOf;
  #names: RootNames | undefined;
  #apiVersionOfType: ApiVersionOfType | undefined;

  /** @param discovery of everything that the API server serves. */
  constructor(discovery: Discovery, options: SchemaOptions, prefixOf: PrefixOf) {
    this.#discovery = discovery;
    this.#options = options;
    this.#prefixOf = prefixOf;
  }

  /** The root field of that name that a hidden resource would have; undefined for all other names. */
  field(operation: Operation, name: string): RootField | undefined {
    this.#names ??= new RootNames(this.#discovery, { prefixOf: this.#prefixOf });
    const field = this.#names.field(operation, name);
    return field !== undefined && this.why(field.resource) !== undefined ? field : undefined;
  }

  /** Why there is no root field of that name, where a hidden resource would have it. */
  whyField(operation: Operation, name: string): string | undefined {
    const field = this.field(operation, name);
    return field && this.why(field.resource);
  }

  /** Why there is no type of that name, where its group-version is hidden. */
  whyType(name: string): string | undefined {
    this.#apiVersionOfType ??= apiVersionsByType(
      this.#discovery.groups.flatMap(({ versions }) => versions).map(apiVersionOf),
      this.#prefixOf,
    );
    const apiVersion = this.#apiVersionOfType(name);
    return apiVersion === undefined ? undefined : this.why(parseApiVersion(apiVersion));
  }

  /** Why a group-version is hidden, for example `example.com/v1 is excluded`; undefined where it is shown. */
  why(of: GroupVersionName): string | undefined {
    const reason = whyHidden(of, this.#options);
    return reason && `${apiVersionOf(of)} ${reason}`;
  }
}
