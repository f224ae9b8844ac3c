import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codegenProject, SCHEMA } from './support/codegen-project.ts';
import { demoGateway } from './support/demo.ts';

const project = codegenProject();
await project.run('generate');

describe('the generated types', () => {
  it('let the example pass the type check', async () => {
    expect(await project.run('check')).toBe('');
  });

  it('are of what the documents touch, not of the whole schema', () => {
    expect(project.generated()).toContain('CoreV1ConfigMapInput');
    expect(project.generated()).not.toContain('CoreV1SecretInput');
    expect(project.generated().length).toBeLessThan(statSync(SCHEMA).size / 20);
  });

  it.each([
    ['a misspelt field', 'status?.readyReplicas', 'status?.readyReplica'],
    ['a field that the schema has and the document does not select', 'spec?.replicas', 'spec?.paused'],
    ['a field beside its parent', 'metadata.name', 'name'],
    ['a misspelt field of an input', '{ data: { theme } }', '{ date: { theme } }'],
    ['an input of the wrong type', '{ data: { theme } }', '{ data: theme }'],
    ['a missing variable', "{ namespace, name: 'web', replicas: 4 }", "{ namespace, name: 'web' }"],
    ['an event type that there is not', "'SYNCED'", "'SYNCHED'"],
  ])('fail code with %s', async (_, from, to) => {
    await expect(project.changed('src/main.ts', from, to).run('check')).rejects.toThrow(
      /src\/main\.ts\(\d+,\d+\): error/,
    );
  });
});

const MESSAGES = [
  'Cannot query field "readyReplica" on type "AppsV1DeploymentStatus"',
  'Cannot query field "resource" on type "CoreV1Container"',
  'Unknown argument "replica" on field "Mutation.scaleAppsV1Deployment"',
  'Unknown type "ConfigMapInput"',
];

describe('generation', () => {
  it('names every misspelt field, argument and type', async () => {
    const misspelt = project
      .changed('src/documents.ts', 'readyReplicas', 'readyReplica')
      .changed('src/documents.ts', 'resources {', 'resource {')
      .changed('src/documents.ts', 'replicas: $replicas', 'replica: $replicas')
      .changed('src/documents.ts', 'CoreV1ConfigMapInput', 'ConfigMapInput');
    const said = await misspelt.run('generate').catch(String);
    expect(MESSAGES.filter((message) => !said.includes(message))).toEqual([]);
  });

  it('names a scalar whose type is not said', async () => {
    const unsaid = project.changed('codegen.ts', "StringMap: 'Record<string, string>',", '');
    await expect(unsaid.run('generate')).rejects.toThrow('StringMap');
  });
});

it('the example answers on the demo cluster', async () => {
  await project.run('build');
  const output = await project.run('start', await demoGateway());
  expect(output.trimEnd().split('\n')).toEqual([
    'api 3/3 cpu 0.1',
    'payment 3/3 cpu 0.2',
    'recommender 0/1 cpu 0.05',
    'web 3/3 cpu 0.05',
    'worker 2/2 cpu 0.05',
    'web now wants 4',
    "ADDED { theme: 'dark' }",
    'SYNCED undefined',
    "MODIFIED { theme: 'light' }",
  ]);
});
