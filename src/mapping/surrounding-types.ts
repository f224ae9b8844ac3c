import {
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
} from 'graphql';
import type { Resource } from '../catalog/resource.ts';
import { surroundingTypeName } from './naming.ts';
import type { DERIVED_TYPES } from './root-names.ts';
import type { ShapeTypes } from './shape-types.ts';

/** The types around a resource's objects, that only its root fields lead to: connection, edge, event, deletion. */
export class SurroundingTypes {
  readonly #types: ShapeTypes;

  constructor(types: ShapeTypes) {
    this.#types = types;
  }

  /** Makes them known, for fragments that stand before the root field that leads to them. */
  offer(resource: Resource): void {
    this.#types.offer(this.#name(resource, 'Connection'), () => this.connection(resource));
    this.#types.offer(this.#name(resource, 'Edge'), () => this.#edge(resource));
    this.#types.offer(this.#name(resource, 'Event'), () => this.event(resource));
    this.#types.offer(this.#name(resource, 'Deletion'), () => this.deletion(resource));
  }

  connection(resource: Resource): GraphQLObjectType {
    return this.#around(resource, 'Connection', () => ({
      items: { type: listOf(this.#types.kind(resource)) },
      edges: { type: listOf(this.#edge(resource)) },
      pageInfo: { type: new GraphQLNonNull(this.#types.base('PageInfo')) },
      resourceVersion: {
        type: GraphQLString,
        description:
          'The state that the list shows; a later list can ask for it, or for one that is not older.',
      },
      remainingItemCount: {
        type: this.#types.base('Int64'),
        description:
          'How many objects follow this page, where the API server counts them (never with selectors).',
      },
    }));
  }

  event(resource: Resource): GraphQLObjectType {
    return this.#around(resource, 'Event', () => ({
      type: { type: new GraphQLNonNull(this.#types.base('WatchEventType')) },
      object: { type: this.#types.kind(resource), description: 'Null for SYNCED only.' },
      cursor: {
        type: new GraphQLNonNull(GraphQLString),
        description: 'What `resumeFrom` takes to go on behind this event.',
      },
    }));
  }

  deletion(resource: Resource): GraphQLObjectType {
    return this.#around(resource, 'Deletion', () => ({
      pending: {
        type: new GraphQLNonNull(GraphQLBoolean),
        description:
          'Whether the object is still there: its finalizers or its grace period have to pass first.',
      },
      object: {
        type: this.#types.kind(resource),
        description: 'The object, where the API server answers with it.',
      },
      status: {
        type: this.#types.base('Status'),
        description: "The API server's Status, where it answers with one.",
      },
    }));
  }

  #edge(resource: Resource): GraphQLObjectType {
    return this.#around(resource, 'Edge', () => ({
      node: { type: new GraphQLNonNull(this.#types.kind(resource)) },
      cursor: { type: new GraphQLNonNull(GraphQLString) },
    }));
  }

  #around(
    resource: Resource,
    suffix: Suffix,
    fields: () => GraphQLFieldConfigMap<unknown, unknown>,
  ): GraphQLObjectType {
    const name = this.#name(resource, suffix);
    return this.#types.once(name, () => new GraphQLObjectType({ name, fields }));
  }

  #name(resource: Resource, suffix: Suffix): string {
    return surroundingTypeName(resource, suffix, (name) => this.#types.isKind(name));
  }
}

type Suffix = (typeof DERIVED_TYPES)[number];

function listOf(type: GraphQLObjectType): GraphQLOutputType {
  return new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));
}
