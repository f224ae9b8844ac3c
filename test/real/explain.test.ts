import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../src/util/concurrency.ts';
import { listAt, textAt } from './support/exact-json.ts';
import { apiVersionOf, servedResources } from './support/resources.ts';
import { openSuite } from './support/suite.ts';

const { kubectl, gateway } = await openSuite();
const resources = await servedResources(kubectl);

/** Processes of kubectl at the same time: each takes most of a core. */
const CONCURRENT = 2;

const DEEPER_PATHS = 150;

interface Question {
  readonly path: string;
  readonly apiVersion?: string;
  readonly recursive?: boolean;
}

async function kubectlText({ path, apiVersion, recursive = false }: Question): Promise<string> {
  const version = apiVersion === undefined ? [] : ['--api-version', apiVersion];
  return kubectl.run(['explain', path, ...version, ...(recursive ? ['--recursive'] : [])]);
}

async function ourText(question: Question): Promise<string> {
  const document =
    'query ($path: String!, $apiVersion: String, $recursive: Boolean) { explain(path: $path, apiVersion: $apiVersion, recursive: $recursive) { text } }';
  return textAt(await gateway.data(document, { recursive: false, ...question }), 'explain', 'text');
}

/** Asks both, and answers which questions they answer differently. */
async function differences(questions: readonly Question[]): Promise<readonly unknown[]> {
  const texts = await mapConcurrently(questions, CONCURRENT, async (question) => {
    const [ours, kubectls] = await Promise.all([ourText(question), kubectlText(question)]);
    return { question, ours, kubectls };
  });
  return texts.filter(({ ours, kubectls }) => ours !== kubectls);
}

/** The same numbers from 0 to 1 in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Paths of fields at any depth of any resource, as `fields` of a recursive explanation names them. */
async function deeperPaths(count: number): Promise<readonly Question[]> {
  const random = randomNumbers(1);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const questions: Question[] = [];
  while (questions.length < count) {
    const resource = pick(resources);
    const apiVersion = apiVersionOf(resource);
    const data = await gateway.data(
      'query ($path: String!, $apiVersion: String!) { explain(path: $path, apiVersion: $apiVersion, recursive: true) { fields { path } } }',
      { path: resource.name, apiVersion },
    );
    const paths = listAt(data, 'explain', 'fields').map((field) => textAt(field, 'path'));
    for (let n = 0; n < 3 && paths.length > 0; n++) {
      questions.push({ path: pick(paths), apiVersion, recursive: random() < 0.2 });
    }
  }
  return questions.slice(0, count);
}

describe('explain prints what kubectl explain prints', () => {
  it(`for all ${resources.length} resources of all versions`, { timeout: 900_000 }, async () => {
    const questions = resources.map((resource) => ({
      path: resource.name,
      apiVersion: apiVersionOf(resource),
    }));
    expect(questions.length).toBeGreaterThan(100);
    expect(await differences(questions)).toEqual([]);
  });

  it(`for ${DEEPER_PATHS} fields at any depth`, { timeout: 900_000 }, async () => {
    const questions = await deeperPaths(DEEPER_PATHS);
    const depths = questions.map(({ path }) => path.split('.').length - 1);
    expect(Math.max(...depths)).toBeGreaterThan(5);
    expect(await differences(questions)).toEqual([]);
  });

  it.each([
    { path: 'pod' },
    { path: 'Pod' },
    { path: 'po.spec.containers' },
    { path: 'deploy.spec.template.spec' },
    { path: 'Deployment.spec' },
    { path: 'deployments.apps.spec.replicas' },
    { path: 'customresourcedefinitions.apiextensions.k8s.io.spec.versions.schema.openAPIV3Schema' },
    { path: 'crd', recursive: true },
    { path: 'pods', recursive: true },
    { path: 'events' },
    { path: 'ev.reportingComponent' },
    { path: 'hpa.spec' },
    { path: 'ep.subsets' },
    { path: 'pods.spec.' },
    { path: "pods.spec['containers']" },
    { path: 'pods.spec.volumes.hostPath.type' },
  ])('for $path', async (question) => {
    expect(await ourText(question)).toBe(await kubectlText(question));
  });

  it.each(['podz', 'pods.spec.nope', 'pods.spec.containers.nope'])(
    'and refuses %s, as kubectl does',
    async (path) => {
      const refusal = await kubectlText({ path }).then(
        () => 'kubectl explains it',
        (error: unknown) => String(error),
      );
      const { message, extensions } = await gateway.failure(
        'query ($path: String!) { explain(path: $path) { kind } }',
        {
          path,
        },
      );
      expect(extensions?.['code']).toBe('NOT_FOUND');
      const said = /the server doesn't have a resource type "\w+"|field "\w+" does not exist/.exec(
        message,
      )?.[0];
      expect(said).toBeDefined();
      expect(refusal).toContain(said);
    },
  );
});
