import { apiVersionOf, type GroupVersionKind, type Resource } from '../../catalog/resource.ts';
import { kindKey, type Shapes, type Texts } from '../../catalog/openapi/shapes.ts';
import type { EnumDefinition, FieldDefinition, InputDefinition, ObjectDefinition } from './definitions.ts';
import { type GroupVersionName, kindTypeName, type PrefixOf, surroundingTypeName } from '../names/naming.ts';
import { COMPUTED_NAMES, IDENTITY_KEYS, identityFields } from './object-identity.ts';
import { reachedShapes } from './reached-shapes.ts';
import { enumValues, inputFields, type NamedShapes, outputFields, partFields } from './shape-definitions.ts';
import { kindsByShape, nameShapes } from '../names/shape-names.ts';
import {
  isAskedFor,
  type Surrounding,
  surroundingDefinition,
  SURROUNDINGS,
} from './surrounding-definitions.ts';

export type GroupVersionDefinition = ObjectDefinition | InputDefinition | EnumDefinition;

export interface GroupVersionSource {
  readonly of: GroupVersionName;
  /** The resources of that group-version. */
  readonly resources: readonly Resource[];
  readonly shapes: Shapes;
  readonly texts: Texts;
  /** The names of base.graphql's types, which no shape can take. */
  readonly baseNames: ReadonlySet<string>;
  readonly prefixOf: PrefixOf;
  /** The resource that a kind is, of whatever group-version. */
  readonly resourceOf: (kind: GroupVersionKind) => Resource | undefined;
}

/**
 * The types of one group-version. What they are called and what they hold depends on nothing that has been loaded before,
 * so that group-versions can be loaded in any order.
 */
export class GroupVersionTypes {
  readonly #source: GroupVersionSource;
  readonly #document: NamedShapes;
  readonly #kindByShape: ReadonlyMap<string, GroupVersionKind>;
  readonly #kindNames: ReadonlySet<string>;
  readonly #makers = new Map<string, () => GroupVersionDefinition>();
  readonly #own = new Set<string>();
  readonly #foreign = new Map<string, Resource>();

  constructor(source: GroupVersionSource) {
    this.#source = source;
    const { shapes, texts, resources, baseNames, prefixOf } = source;
    this.#kindNames = new Set(resources.map((resource) => kindTypeName(resource, prefixOf)));
    const names = nameShapes(
      shapes,
      new Set([...baseNames, ...this.#kindNames, ...this.#aroundAll()]),
      prefixOf,
    );
    this.#document = { shapes, texts, names };
    this.#kindByShape = kindsByShape(shapes);
    this.#offerKinds();
    this.#offerShapes();
  }

  /** The names of all types, in no order. */
  get names(): Iterable<string> {
    return this.#makers.keys();
  }

  definition(name: string): GroupVersionDefinition | undefined {
    return this.#makers.get(name)?.();
  }

  /** Whether a type is of this group-version's own kinds, so that no other group-version describes it. */
  isOwn(name: string): boolean {
    return this.#own.has(name);
  }

  /** The resource whose kind a type is, or belongs to, where that is one of another group-version. */
  foreignOwner(name: string): Resource | undefined {
    return this.#foreign.get(name);
  }

  /** The type of a resource's objects. */
  kindName(resource: Resource): string {
    return kindTypeName(resource, this.#source.prefixOf);
  }

  /** What a subresource answers; undefined where the API server does not describe it. */
  subresourceName(kind: GroupVersionKind): string | undefined {
    const { shapes, names } = this.#document;
    const shape = shapes.kinds[kindKey(kind)];
    return shape === undefined ? undefined : names.outputs.get(shape);
  }

  /** The type to write objects of a kind with; JSON where the API server describes nothing. */
  inputName(kind: GroupVersionKind): string {
    const { shapes, names } = this.#document;
    const shape = shapes.kinds[kindKey(kind)];
    return (shape === undefined ? undefined : names.inputs.get(shape)) ?? 'JSON';
  }

  /** What the API server says of a kind. */
  description(kind: GroupVersionKind): string | undefined {
    const { shapes, texts } = this.#document;
    const shape = shapes.kinds[kindKey(kind)];
    return shape === undefined ? undefined : texts[shape]?.[''];
  }

  surroundingName(resource: Resource, suffix: Surrounding): string {
    return surroundingTypeName(this.kindName(resource), suffix, (name) => this.#kindNames.has(name));
  }

  /** All that there could be: names must not shift when a resource loses a verb, as one does that is being removed. */
  #aroundAll(): readonly string[] {
    return this.#source.resources.flatMap((resource) =>
      SURROUNDINGS.map((suffix) => this.surroundingName(resource, suffix)),
    );
  }

  #offerKinds(): void {
    for (const resource of this.#source.resources) {
      const kind = this.kindName(resource);
      const nameOf = (suffix: Surrounding): string => this.surroundingName(resource, suffix);
      for (const suffix of SURROUNDINGS.filter((each) => isAskedFor(each, resource))) {
        this.#offer(nameOf(suffix), true, () => surroundingDefinition(suffix, kind, nameOf));
      }
      // What the API server serves and does not describe.
      if (this.#document.shapes.kinds[kindKey(resource)] === undefined)
        this.#offer(kind, true, () => wholeObject(kind, resource, undefined, () => identityFields(resource)));
    }
  }

  #offerShapes(): void {
    const { shapes, texts, names } = this.#document;
    const reached = reachedShapes(shapes, this.#source.resources);
    for (const [shape, name] of names.outputs) {
      if (!reached.has(shape)) continue;
      const kind = this.#kindByShape.get(shape);
      const resource = kind === undefined ? undefined : this.#source.resourceOf(kind);
      const description = texts[shape]?.[''];
      this.#offerShape(shape, name, () =>
        resource === undefined
          ? part(name, description, () => partFields(this.#document, shape))
          : wholeObject(name, resource, description, () => this.#objectFields(shape, resource)),
      );
    }
    const isKind = (shape: string): boolean => this.#kindByShape.has(shape);
    for (const [shape, name] of names.inputs) {
      const description = texts[shape]?.[''];
      this.#offerShape(shape, name, () => ({
        kind: 'INPUT_OBJECT',
        name,
        description,
        fields: () => inputFields(this.#document, shape, isKind(shape) ? COMPUTED_NAMES : undefined),
      }));
    }
    for (const [field, name] of names.enums) {
      this.#offerShape(field, name, () => {
        const values = enumValues(shapes, field).map((value) => ({ name: value, description: undefined }));
        return { kind: 'ENUM', name, description: undefined, values };
      });
    }
  }

  #objectFields(shape: string, resource: Resource): readonly FieldDefinition[] {
    const identity = identityFields(resource);
    const { fields } = this.#document.shapes.objects[shape] ?? { fields: {} };
    const keys = Object.keys(fields).filter((key) => !IDENTITY_KEYS.has(key));
    return [
      ...identity,
      ...outputFields(this.#document, shape, keys, new Set(identity.map(({ name }) => name))),
    ];
  }

  #offerShape(shape: string, name: string, make: () => GroupVersionDefinition): void {
    const definition = shape.split('/', 1)[0] as string;
    const kind = this.#kindByShape.get(definition);
    const resource = kind === undefined ? undefined : this.#source.resourceOf(kind);
    const isOwn =
      resource === undefined
        ? !definition.startsWith('io.k8s.')
        : apiVersionOf(resource) === apiVersionOf(this.#source.of);
    if (resource !== undefined && !isOwn) this.#foreign.set(name, resource);
    this.#offer(name, isOwn, make);
  }

  #offer(name: string, isOwn: boolean, make: () => GroupVersionDefinition): void {
    if (this.#source.baseNames.has(name) || this.#makers.has(name)) return;
    this.#makers.set(name, make);
    if (isOwn) this.#own.add(name);
  }
}

function part(
  name: string,
  description: string | undefined,
  fields: ObjectDefinition['fields'],
): GroupVersionDefinition {
  return { kind: 'OBJECT', name, description, interfaces: [], fields, resource: undefined };
}

function wholeObject(
  name: string,
  resource: Resource,
  description: string | undefined,
  fields: ObjectDefinition['fields'],
): ObjectDefinition {
  return { kind: 'OBJECT', name, description, interfaces: ['KubernetesObject'], fields, resource };
}
