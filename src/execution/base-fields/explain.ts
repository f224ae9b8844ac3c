import {
  type Explanation,
  explain as explainTarget,
  notDescribed,
} from '../../catalog/explain/explanation.ts';
import type { ExplainedField } from '../../catalog/explain/fields.ts';
import { findResource } from '../../catalog/explain/find-resource.ts';
import { explainText } from '../../catalog/explain/text.ts';
import { valueText } from '../../catalog/explain/value-text.ts';
import type { Resource } from '../../catalog/resource.ts';
import { type OperationContext, optionalText } from '../call.ts';
import { type BaseField, jsonValue } from './value.ts';

export const explain: BaseField = async (context, _, args) => {
  const target = findResource(
    context.catalog.discovery,
    String(args['path']),
    optionalText(args, 'apiVersion'),
    (name) => resourceOfField(context, name),
  );
  const schemas = await context.explainDocuments.schemas(context.identity, target.resource);
  if (schemas === undefined) throw notDescribed(target.resource);
  return jsonValue({
    ...answerOf(explainTarget(schemas, target, args['recursive'] === true)),
    hidden: context.schema.hidden.why(target.resource),
  });
};

/** The schema's own names for a resource explain it, too, and those that it would have if it were shown. */
function resourceOfField({ schema }: OperationContext, name: string): Resource | undefined {
  const field = schema.names.field('query', name) ?? schema.hidden.field('query', name);
  return field?.subresource === undefined ? field?.resource : undefined;
}

function answerOf(explanation: Explanation): object {
  const { resource, path, field, description, fields } = explanation;
  return {
    group: resource.group,
    version: resource.version,
    kind: resource.kind,
    path,
    field: field?.name,
    type: field?.type ?? resource.kind,
    required: field?.required ?? false,
    enum: field?.enum.map(valueText) ?? [],
    description: description.trimEnd() || undefined,
    fields: fields.map(fieldAnswer),
    text: explainText(explanation),
  };
}

function fieldAnswer(field: ExplainedField): object {
  const { name, path, type, required, description } = field;
  return { name, path, type, required, enum: field.enum.map(valueText), description };
}
