import { isDeepStrictEqual } from 'node:util';
import type { FieldError, Schema } from '../schema.ts';
import { type Json, listOf, oneOf, recordOf, textOf } from './checks.ts';
import { invalid, notSupported, required } from './field-errors.ts';
import { strictLabelErrors, subdomainErrors } from './names.ts';
import { structuralErrors } from './structural.ts';

/** What is wrong with a CustomResourceDefinition. */
export function definitionErrors(object: Json): readonly FieldError[] {
  const metadata = recordOf(object.metadata);
  const spec = recordOf(object.spec);
  const { group, names } = spec;
  const wanted = `${textOf(recordOf(names).plural)}.${textOf(group)}`;
  const isMisnamed = metadata.name !== wanted;
  return [
    ...(isMisnamed
      ? [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]
      : []),
    ...approvalErrors(metadata, textOf(group)),
    ...groupErrors(textOf(group)),
    ...(textOf(spec.scope) === ''
      ? [required('spec.scope')]
      : oneOf(spec.scope, 'spec.scope', ['Cluster', 'Namespaced'])),
    ...(spec.preserveUnknownFields === true
      ? [invalid('spec.preserveUnknownFields', true, PRESERVE_RULE)]
      : []),
    ...versionErrors(listOf(spec.versions), spec.versions),
    ...nameErrors(recordOf(names)),
    ...conversionErrors(recordOf(spec.conversion)),
    ...storedErrors(listOf(spec.versions)),
  ];
}

/** A new definition's stored versions are the one that stores. */
function storedErrors(versions: readonly Json[]): readonly FieldError[] {
  if (versions.some(({ storage }) => storage === true)) return [];
  return [invalid('status.storedVersions', null, 'must have at least one stored version')];
}

const PRESERVE_RULE =
  'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';

const APPROVAL = 'api-approved.kubernetes.io';

/** Groups of the Kubernetes project need its consent. */
function approvalErrors(metadata: Json, group: string): readonly FieldError[] {
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  const approval = textOf(recordOf(metadata.annotations)[APPROVAL]);
  if (!isProtected || approval !== '') return [];
  const rule = `protected groups must have approval annotation "${APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [required(`metadata.annotations[${APPROVAL}]`, rule)];
}

function groupErrors(group: string): readonly FieldError[] {
  if (group === '') return [required('spec.group')];
  const errors = subdomainErrors(group).map((error) => invalid('spec.group', group, error));
  const isDomain = group.includes('.');
  return isDomain
    ? errors
    : [...errors, invalid('spec.group', group, 'should be a domain with at least one dot')];
}

function versionErrors(versions: readonly Json[], value: unknown): readonly FieldError[] {
  const storing = versions.filter(({ storage }) => storage === true);
  const names = new Set(versions.map(({ name }) => name));
  const shown = Array.isArray(value)
    ? versions.map(({ name, served, storage }) => ({ name, served, storage }))
    : null;
  const whole = (rule: string): FieldError => invalid('spec.versions', shown, rule);
  return [
    ...versions.flatMap(({ name }, index) =>
      strictLabelErrors(textOf(name)).map((error) => invalid(`spec.versions[${index}].name`, name, error)),
    ),
    ...(names.size < versions.length ? [whole('must contain unique version names')] : []),
    ...(storing.length === 1 ? [] : [whole('must have exactly one version marked as storage version')]),
    ...versions.flatMap((version, index) => shapeErrors(version, `spec.versions[${index}]`, versions)),
  ];
}

/** What is the same for all versions is named in the place where it was when there was only one. */
function shapeErrors(version: Json, path: string, versions: readonly Json[]): readonly FieldError[] {
  const isShared = (key: string): boolean =>
    versions.every((each) => isDeepStrictEqual(each[key], version[key]));
  const isFirst = versions[0] === version;
  const once = (
    key: string,
    shared: string,
    find: (path: string) => readonly FieldError[],
  ): readonly FieldError[] => {
    if (!isShared(key)) return find(`${path}.${shared.replace('validation', 'schema')}`);
    return isFirst ? find(`spec.${shared}`) : [];
  };
  const schema = recordOf(version.schema).openAPIV3Schema as Schema | undefined;
  if (schema === undefined) return [required(`${path}.schema.openAPIV3Schema`)];
  return [
    ...once('schema', 'validation.openAPIV3Schema', (at) => structuralErrors(schema, at)),
    ...once('subresources', 'subresources', (at) => subresourceErrors(recordOf(version.subresources), at)),
    ...once('additionalPrinterColumns', 'additionalPrinterColumns', (at) =>
      listOf(version.additionalPrinterColumns).flatMap((column, index) =>
        columnErrors(column, `${at}[${index}]`),
      ),
    ),
    ...once('selectableFields', 'selectableFields', (at) =>
      listOf(version.selectableFields).flatMap((field, index) =>
        selectableErrors(textOf(field.jsonPath), schema, `${at}[${index}].jsonPath`),
      ),
    ),
  ];
}

const PATH_RULE = 'must be a simple json path starting with .';

function subresourceErrors({ scale }: Json, path: string): readonly FieldError[] {
  if (scale === undefined) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = recordOf(scale);
  return [
    ...replicasErrors(specReplicasPath, `${path}.scale.specReplicasPath`, '.spec'),
    ...replicasErrors(statusReplicasPath, `${path}.scale.statusReplicasPath`, '.status'),
    ...(textOf(labelSelectorPath) === '' || textOf(labelSelectorPath).startsWith('.')
      ? []
      : [invalid(`${path}.scale.labelSelectorPath`, labelSelectorPath, PATH_RULE)]),
  ];
}

function replicasErrors(value: unknown, path: string, under: string): readonly FieldError[] {
  const text = textOf(value);
  if (text === '') return [required(path)];
  if (!text.startsWith('.')) return [invalid(path, text, PATH_RULE)];
  return text.startsWith(`${under}.`) ? [] : [invalid(path, text, `should be a json path under ${under}`)];
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

function columnErrors({ name, type, jsonPath }: Json, path: string): readonly FieldError[] {
  const isTyped = COLUMN_TYPES.includes(textOf(type));
  return [
    ...(textOf(name) === '' ? [required(`${path}.name`)] : []),
    ...(isTyped ? [] : [invalid(`${path}.type`, type, `must be one of ${COLUMN_TYPES.join(',')}`)]),
    ...(textOf(jsonPath).startsWith('.') ? [] : [invalid(`${path}.JSONPath`, jsonPath, PATH_RULE)]),
  ];
}

const SELECTABLE_RULE =
  'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

function selectableErrors(jsonPath: string, schema: Schema, path: string): readonly FieldError[] {
  if (jsonPath === '') return [required(path)];
  const keys = jsonPath.replace(/^\./, '').split('.');
  const found = keys.reduce((at: Schema | undefined, key) => at?.properties?.[key], schema);
  if (found === undefined) {
    return [invalid(path, jsonPath, 'is an invalid path: does not refer to a valid field')];
  }
  return ['string', 'boolean', 'integer'].includes(found.type ?? '')
    ? []
    : [invalid(path, jsonPath, SELECTABLE_RULE)];
}

function nameErrors({ plural, singular, kind, listKind }: Json): readonly FieldError[] {
  const label = (value: unknown, path: string): readonly FieldError[] => {
    const text = textOf(value);
    return text === ''
      ? [required(path)]
      : strictLabelErrors(text).map((error) => invalid(path, text, error));
  };
  const mixed = (value: unknown, path: string): readonly FieldError[] => {
    const text = textOf(value);
    if (text === '') return [required(path)];
    const errors = strictLabelErrors(text.toLowerCase());
    return errors.map((error) =>
      invalid(path, text, `may have mixed case, but should otherwise match: ${error}`),
    );
  };
  return [
    ...label(plural, 'spec.names.plural'),
    ...label(singular, 'spec.names.singular'),
    ...mixed(kind, 'spec.names.kind'),
    ...mixed(listKind, 'spec.names.listKind'),
    ...(textOf(listKind) === '' || textOf(listKind) === `${textOf(kind)}List`
      ? []
      : [notSupported('spec.names.listKind', listKind, [`${textOf(kind)}List`])]),
  ];
}

function conversionErrors({ strategy, webhook }: Json): readonly FieldError[] {
  const at = 'spec.conversion';
  if (strategy !== 'Webhook') return oneOf(strategy, `${at}.strategy`, ['None', 'Webhook']);
  const { clientConfig, conversionReviewVersions } = recordOf(webhook);
  return [
    ...(clientConfig === undefined
      ? [required(`${at}.webhookClientConfig`, 'required when strategy is set to Webhook')]
      : []),
    ...(listLength(conversionReviewVersions) === 0 ? [required(`${at}.conversionReviewVersions`)] : []),
  ];
}

function listLength(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
