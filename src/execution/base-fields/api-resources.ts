import { apiVersionOf, type Resource, stabilityOf, type Subresource } from '../../catalog/resource.ts';
import type { Args, OperationContext } from '../call.ts';
import { resourceFieldNames, subresourceFieldNames } from './field-names.ts';
import { groupArgument } from './group-argument.ts';
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
    equalsIfGiven(groupArgument(args['group']), resource.group) &&
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
    hidden: context.schema.hidden.why(resource),
    fields: resourceFieldNames(context.schema.names, resource),
    subresources: resource.subresources.map((each) => subresourceRow(context, resource, each)),
  };
}

function subresourceRow(context: OperationContext, resource: Resource, subresource: Subresource): object {
  const { name, kind, verbs } = subresource;
  return {
    name,
    apiVersion: kind && apiVersionOf(kind),
    kind: kind?.kind,
    verbs,
    fields: subresourceFieldNames(context.schema.names, resource, subresource),
  };
}

function equalsIfGiven(wanted: unknown, value: string | boolean): boolean {
  return wanted === undefined || wanted === null || wanted === value;
}

function containsAll(wanted: unknown, values: readonly string[]): boolean {
  return !Array.isArray(wanted) || wanted.every((value) => values.includes(value));
}
