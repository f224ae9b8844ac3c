import type { FieldError } from '../schema/schema.ts';
import { fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired, invalid } from './errors.ts';
import { flag } from './list-options.ts';
import type { ResourceRequest } from './request.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** The parameters that creations, updates and patches share. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who writes: the parameter, or the client's name. */
  readonly manager: string;
  readonly fieldValidation: FieldValidation;
  /** Of an apply: takes over fields of other managers. */
  readonly force: boolean;
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions';

/**
 * @param isApply a manager must then be named, and may use force
 * @throws ApiError 422
 */
export function readWriteOptions(request: ResourceRequest, kind: OptionsKind, isApply = false): WriteOptions {
  const { query } = request;
  const dryRun = query.getAll('dryRun');
  const manager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const force = flag(query, 'force');
  const errors = [
    ...(kind === 'PatchOptions' ? patchErrors({ isApply, manager, force }) : []),
    ...managerErrors(manager),
    ...dryRunErrors(dryRun),
    ...fieldValidationErrors(fieldValidation),
  ];
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    dryRun: dryRun.length > 0,
    manager: manager === '' ? request.userAgent || 'unknown' : manager,
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation),
    force: force ?? false,
  };
}

/** Only `All`, and nothing beside it. */
export function dryRunErrors(values: readonly string[]): readonly FieldError[] {
  if (values.every((value) => value === 'All')) return [];
  return [
    fieldNotSupported('dryRun', `[${values.map((value) => JSON.stringify(value)).join(',')}]`, ['All']),
  ];
}

interface PatchParameters {
  readonly isApply: boolean;
  readonly manager: string;
  readonly force: boolean | undefined;
}

function patchErrors({ isApply, manager, force }: PatchParameters): readonly FieldError[] {
  if (isApply) return manager === '' ? [fieldRequired('fieldManager', 'is required for apply patch')] : [];
  return force === undefined ? [] : [fieldForbidden('force', 'may not be specified for non-apply patch')];
}

const MAX_MANAGER_BYTES = 128;

function managerErrors(manager: string): readonly FieldError[] {
  const field = 'fieldManager';
  if (Buffer.byteLength(manager) > MAX_MANAGER_BYTES) {
    return [
      {
        reason: 'FieldValueTooLong',
        field,
        message: `Too long: may not be more than ${MAX_MANAGER_BYTES} bytes`,
      },
    ];
  }
  return Array.from(manager).flatMap((character, index) => {
    if (!/[\p{C}\p{Z}]/u.test(character) || character === ' ') return [];
    const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
    return [fieldInvalid(field, manager, `invalid character U+${code} (at position ${index})`)];
  });
}

function fieldValidationErrors(value: string): readonly FieldError[] {
  if (['', 'Ignore', 'Strict', 'Warn'].includes(value)) return [];
  return [fieldNotSupported('fieldValidation', JSON.stringify(value), ['', 'Ignore', 'Strict', 'Warn'])];
}
