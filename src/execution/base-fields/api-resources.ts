import { apiVersionOf, type Resource, stabilityOf } from '../../catalog/resource.ts';
import type { FieldNames } from '../../mapping/names/naming.ts';
import type { Operation } from '../../mapping/names/resource-fields.ts';
import type { Args, OperationContext } from '../call.ts';
import { type BaseField, jsonValue } from './value.ts';

/** Everything that discovery lists, whether the schema shows it or not. */
export const apiResources: BaseField = async (context, _, args) => {
  const { groups } = context.catalog.discovery;
  const resources = groups.flatMap(({ versions }) => versions).flatMap(({ resources: own }) => own);
  return jsonValue(resources.filter((resource) => matches(resource, args)).map((each) => row(context, each)));
};

function matches(resource: Resource, args: Args): boolean {
  const stability = args['stability'];
  return (
    equalsIfGiven(args['group'], resource.group) &&
    equalsIfGiven(args['version'], resource.version) &&
    equalsIfGiven(args['namespaced'], resource.namespaced) &&
    containsAll(args['verbs'], resource.verbs) &&
    containsAll(args['categories'], resource.categories) &&
    (!Array.isArray(stability) || stability.includes(stabilityOf(resource.version)))
  );
}

function row(context: OperationContext, resource: Resource): object {
  return {
    name: resource.resource,
    singularName: resource.singular,
    shortNames: resource.shortNames,
    group: resource.group,
    version: resource.version,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    namespaced: resource.namespaced,
    verbs: resource.verbs,
    categories: resource.categories,
    stability: stabilityOf(resource.version),
    preferred: context.schema.names.preferred.has(resource),
    fields: fieldNames(context, resource),
  };
}

const OPERATIONS: Readonly<Record<keyof FieldNames, Operation>> = {
  list: 'query',
  get: 'query',
  create: 'mutation',
  replace: 'mutation',
  patch: 'mutation',
  apply: 'mutation',
  delete: 'mutation',
  deleteCollection: 'mutation',
};

/** A name counts only while the schema has it and means this resource by it. */
function fieldNames(context: OperationContext, resource: Resource): Readonly<Record<string, string | null>> {
  const { names } = context.schema;
  const ifMine = (operation: Operation, name: string): string | null => {
    const field = names.field(operation, name);
    return field?.resource === resource && field.subresource === undefined ? name : null;
  };
  const { qualified, short } = names.namesOf(resource);
  const members = Object.entries(OPERATIONS).flatMap(([key, operation]) => {
    const own = key as keyof FieldNames;
    return [
      [key, ifMine(operation, qualified[own])],
      [`short${key.charAt(0).toUpperCase()}${key.slice(1)}`, ifMine(operation, short[own])],
    ];
  });
  return Object.fromEntries([
    ...members,
    ['watch', ifMine('subscription', qualified.list)],
    ['shortWatch', ifMine('subscription', short.list)],
  ]) as Readonly<Record<string, string | null>>;
}

function equalsIfGiven(wanted: unknown, value: string | boolean): boolean {
  return wanted === undefined || wanted === null || wanted === value;
}

function containsAll(wanted: unknown, values: readonly string[]): boolean {
  return !Array.isArray(wanted) || wanted.every((value) => values.includes(value));
}
