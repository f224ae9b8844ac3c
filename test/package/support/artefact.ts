import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { readZip, type ZipEntry } from './zip.ts';

export const PROJECT_DIRECTORY = fileURLToPath(new URL('../../../', import.meta.url));

/** What goes to Lambda. */
export function readPackage(): readonly ZipEntry[] {
  return readZip(readFileSync(inProject('.serverless/kubegraph.zip')));
}

export interface Resource {
  readonly Type: string;
  /** Of any shape: assertions say which. */
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What goes to CloudFormation: its resources of one type. */
export function readResources(type: string): readonly Resource[] {
  const text = readFileSync(inProject('.serverless/cloudformation-template-update-stack.json'), 'utf8');
  const template = JSON.parse(text) as { readonly Resources: Readonly<Record<string, Resource>> };
  return Object.values(template.Resources).filter((resource) => resource.Type === type);
}

/** The package in a directory of its own, where nothing else can be found. It goes with the test. */
export function unpack(): string {
  const directory = emptyDirectory();
  for (const { name, content } of readPackage()) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return directory;
}

/** A directory that goes with the test. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-package-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function inProject(file: string): string {
  return path.join(PROJECT_DIRECTORY, file);
}
