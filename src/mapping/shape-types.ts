import {
  type GraphQLFieldConfigMap,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLObjectType,
  isInterfaceType,
} from 'graphql';
import { apiVersionOf, type GroupVersionKind, type Resource } from '../catalog/resource.ts';
import { kindKey, type Shapes, type Texts } from '../catalog/shapes.ts';
import { kindTypeName } from './naming.ts';
import { enumType, identityFields, type NamedShapes, ShapeFields } from './shape-fields.ts';
import { nameShapes } from './shape-names.ts';
import { TypeRegistry } from './type-registry.ts';

/**
 * GraphQL types made from shapes. A type of base.graphql wins over a shape of its name, and the first document that
 * describes a name is the one it is taken from: the API server describes a definition alike everywhere.
 */
export class ShapeTypes extends TypeRegistry {
  readonly #documents = new Map<string, NamedShapes>();
  readonly #kindNames = new Set<string>();

  isLoaded(groupVersion: string): boolean {
    return this.#documents.has(groupVersion);
  }

  /** Whether a kind of a loaded group-version has that type name. */
  isKind(name: string): boolean {
    return this.#kindNames.has(name);
  }

  /**
   * Makes a group-version's types available.
   *
   * @param resources the resources of that group-version.
   * @param reserved names that its shapes may not take.
   */
  load(
    groupVersion: string,
    resources: readonly Resource[],
    reserved: ReadonlySet<string>,
    shapes: Shapes,
    texts: Texts,
  ): void {
    const document: NamedShapes = { shapes, texts, names: nameShapes(shapes, reserved) };
    this.#documents.set(groupVersion, document);
    const resourceByShape = new Map<string, Resource>();
    for (const resource of resources) {
      this.#kindNames.add(kindTypeName(resource));
      const shape = shapes.kinds[kindKey(resource)];
      if (shape === undefined) this.#offerShapeless(resource);
      else resourceByShape.set(shape, resource);
    }
    this.#offerShapes(document, resourceByShape);
  }

  /** The type of a resource's objects. Its group-version must be loaded. */
  kind(resource: Resource): GraphQLObjectType {
    return this.expect(this.#kindName(resource, resource) ?? kindTypeName(resource)) as GraphQLObjectType;
  }

  /** What a subresource answers; undefined where the API server does not describe it. */
  subresourceKind(resource: Resource, kind: GroupVersionKind): GraphQLObjectType | undefined {
    const name = this.#kindName(resource, kind);
    return name === undefined ? undefined : (this.expect(name) as GraphQLObjectType);
  }

  /** The type to write objects of a kind with; JSON where the API server describes nothing. */
  kindInput(resource: Resource, kind: GroupVersionKind = resource): GraphQLInputType {
    const document = this.#documents.get(apiVersionOf(resource));
    const shape = document?.shapes.kinds[kindKey(kind)];
    const name = shape === undefined ? undefined : document?.names.inputs.get(shape);
    return this.expect(name ?? 'JSON') as GraphQLInputType;
  }

  /** A kind as the document of the resource's group-version names it, which has foreign subresources' kinds too. */
  #kindName(resource: Resource, kind: GroupVersionKind): string | undefined {
    const document = this.#documents.get(apiVersionOf(resource));
    const shape = document?.shapes.kinds[kindKey(kind)];
    return shape === undefined ? undefined : document?.names.outputs.get(shape);
  }

  #offerShapes(document: NamedShapes, resourceByShape: ReadonlyMap<string, Resource>): void {
    const { names, shapes, texts } = document;
    const fields = new ShapeFields(this, document);
    for (const [shape, name] of names.outputs) {
      const resource = resourceByShape.get(shape);
      const description = texts[shape]?.[''];
      this.offer(name, () =>
        resource === undefined
          ? new GraphQLObjectType({ name, description, fields: () => fields.ofPart(shape) })
          : this.#wholeObject(name, resource, description, () => fields.ofObject(shape, resource)),
      );
    }
    for (const [shape, name] of names.inputs) {
      const description = texts[shape]?.[''];
      this.offer(
        name,
        () => new GraphQLInputObjectType({ name, description, fields: () => fields.ofInput(shape) }),
      );
    }
    for (const [field, name] of names.enums) this.offer(name, () => enumType(name, field, shapes));
  }

  /** A kind that the API server serves and does not describe. */
  #offerShapeless(resource: Resource): void {
    const name = kindTypeName(resource);
    this.offer(name, () =>
      this.#wholeObject(name, resource, undefined, () => identityFields(this, resource)),
    );
  }

  #wholeObject(
    name: string,
    resource: Resource,
    description: string | undefined,
    fields: () => GraphQLFieldConfigMap<unknown, unknown>,
  ): GraphQLObjectType {
    const common = this.expect('KubernetesObject');
    const interfaces = isInterfaceType(common) ? [common] : [];
    return new GraphQLObjectType({ name, description, interfaces, extensions: { resource }, fields });
  }
}
