import { readFile } from 'node:fs/promises';
import { GraphQLError } from 'graphql';
import { type ChangeLevel, schemaChanges, type SchemaChange } from '../sdl/changes.ts';
import { countChanges, jsonReport, textReport } from '../sdl/report.ts';
import type { SdlDefinition, SdlOptions } from '../sdl/write.ts';
import { UsageError } from './command.ts';
import { readProblem } from './file-problem.ts';

export type ReportFormat = 'text' | 'json';

/** The changes that make `kubegraph schema --diff` fail. */
export type FailOn = 'breaking' | 'dangerous' | 'any';

export interface DiffOptions extends SdlOptions {
  /** The path of the old SDL. */
  readonly file: string;
  readonly format: ReportFormat;
  readonly failOn: FailOn;
}

export interface DiffResult {
  readonly report: string;
  /** 1 where there are changes that `failOn` names, else 0. */
  readonly exitCode: number;
}

/** How a schema differs from a file. Rejects with a UsageError when the file is no SDL. */
export async function diffSchema(
  definitions: readonly SdlDefinition[],
  { file, format, failOn, ...options }: DiffOptions,
): Promise<DiffResult> {
  const changes = changesFrom(file, await readText(file), definitions, options);
  const counts = countChanges(changes);
  const hasFailed = FAILING[failOn].some((level) => counts[level] > 0);
  return {
    report: format === 'json' ? jsonReport(changes) : textReport(changes),
    exitCode: hasFailed ? 1 : 0,
  };
}

const FAILING: Readonly<Record<FailOn, readonly ChangeLevel[]>> = {
  breaking: ['breaking'],
  dangerous: ['breaking', 'dangerous'],
  any: ['breaking', 'dangerous', 'safe'],
};

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--diff ${file} cannot be read: ${readProblem(error)}`);
  });
}

function changesFrom(
  file: string,
  before: string,
  definitions: readonly SdlDefinition[],
  options: SdlOptions,
): readonly SchemaChange[] {
  try {
    return schemaChanges(before, definitions, options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [place] = (error instanceof GraphQLError ? error.locations : undefined) ?? [];
    const where = place === undefined ? file : `${file}:${place.line}:${place.column}`;
    throw new UsageError(`--diff ${where} is no SDL of a whole schema: ${error.message}`);
  }
}
