import type { Resource, Subresource } from '../catalog/resource.ts';
import type { Operation } from './names/resource-fields.ts';

/** What a root field does. */
export type RootBinding =
  | { readonly kind: 'base'; readonly operation: Operation; readonly name: string }
  | {
      readonly kind: 'resource';
      readonly action: ResourceAction;
      readonly resource: Resource;
      /** Set when the field is about a part of the object with a path of its own, such as its scale. */
      readonly subresource: Subresource | undefined;
    };

export type ResourceAction =
  | 'get'
  | 'list'
  | 'watch'
  | 'live'
  | 'create'
  | 'replace'
  | 'patch'
  | 'apply'
  | 'delete'
  | 'deleteCollection'
  | 'scale';

/**
 * Where the value of an object's field comes from. A field without one has the key that is its own name.
 *
 *   key        another key of the Kubernetes object, for names that GraphQL does not allow
 *   membersOf  the map under that key; of its members only those that the argument `keys` names, where it is given
 *   memberOf   the member that the argument `key` names of the map under that key
 *   computed   made from the whole object
 *   constant   the same for every object of the type
 */
export type FieldSource =
  | { readonly key: string }
  | { readonly membersOf: string }
  | { readonly memberOf: string }
  | { readonly computed: 'id' | 'raw' | 'yaml' }
  | { readonly constant: string };

// Bindings travel as GraphQL extensions, so that a schema needs no resolvers and execution no second lookup.
declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    root?: RootBinding;
    source?: FieldSource;
  }
  interface GraphQLInputFieldExtensions {
    /** The key in the Kubernetes object, where it is not the field's name. */
    key?: string;
    /** Its members join the typed ones of the object that it is in. */
    spread?: true;
  }
  interface GraphQLObjectTypeExtensions<_TSource, _TContext> {
    /** Set on the types of whole objects. */
    resource?: Resource;
  }
}
