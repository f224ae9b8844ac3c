import { describe, expect, it } from 'vitest';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, type StubGroupVersion, stubResource } from '../support/stub-resources.ts';
import { codesOf, testEngine, type TestAnswer } from '../support/test-engine.ts';

const HIDDEN_AND_CONTESTED: readonly StubGroupVersion[] = [
  ...STANDARD_CLUSTER,
  stubGroupVersion('argoproj.io', 'v1alpha1', { Application: 'applications' }),
  stubGroupVersion('a.example.com', 'v1', { Cluster: 'clusters' }),
  stubGroupVersion('b.example.com', 'v1', { Cluster: 'clusters' }),
];

const WHY =
  'argoproj.io/v1alpha1 is alpha, and only beta or better is shown. The gateway\'s settings "include", "exclude" and "stability" decide.';

async function refusalOf(query: string): Promise<TestAnswer> {
  const { run, stub } = await testEngine({ cluster: HIDDEN_AND_CONTESTED });
  const answer = await run(query);
  expect(stub.calls).toEqual([]);
  expect(codesOf(answer)).toEqual(answer.errors.map(() => 'GRAPHQL_VALIDATION_FAILED'));
  return answer;
}

/** Each error as the first words of its message, and where it is. */
function places({ errors }: TestAnswer): readonly string[] {
  return errors.map(({ message, locations = [] }) => {
    const where = locations.map(({ line, column }) => `${line}:${column}`);
    return `${message.split(' ').slice(0, 3).join(' ')} ${where.join(' ')}`;
  });
}

describe('a document that names what is not here', () => {
  it.each([
    ['applications', '{ applications { items { kind } } }'],
    ['argoprojIoV1alpha1Applications', '{ argoprojIoV1alpha1Applications { items { kind } } }'],
    [
      'deleteApplication',
      'mutation { deleteApplication(namespace: "a", name: "b") { pending } deletePod(namespace: "a", name: "b") { pending } }',
    ],
  ])('is told that a field is hidden, and by what: %s', async (name, query) => {
    const { errors } = await refusalOf(query);
    expect(errors.map(({ message }) => message)).toEqual([`The field "${name}" is not shown here: ${WHY}`]);
  });

  it.each([
    [
      'ArgoprojIoV1alpha1Application',
      '{ object(id: "x") { ... on ArgoprojIoV1alpha1Application { spec } } }',
    ],
    [
      'ArgoprojIoV1alpha1Application',
      '{ object(id: "x") { ...A } } fragment A on ArgoprojIoV1alpha1Application { spec }',
    ],
    [
      'ArgoprojIoV1alpha1ApplicationInput',
      'query ($x: ArgoprojIoV1alpha1ApplicationInput) { pods(namespace: $x) { items { kind } } }',
    ],
  ])('is told that a type is hidden, and by what: %s in %s', async (name, query) => {
    const { errors } = await refusalOf(query);
    expect(errors.map(({ message }) => message)).toContain(`The type "${name}" is not shown here: ${WHY}`);
  });

  it('is told of nothing more where a name is simply wrong', async () => {
    const { errors } = await refusalOf(
      '{ aplications { kind } object(id: "x") { ... on ArgoprojIoV1Application { kind } } }',
    );
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('Cannot query field "aplications" on type "Query".'),
      expect.stringContaining('Unknown type "ArgoprojIoV1Application".'),
    ]);
  });

  it('is told where each name stands, and of all else that is wrong, in its own order', async () => {
    const answer = await refusalOf(`{
  pods { items { nothing } }
  applications { items { kind } }
  a: clusters { items { kind } }
  object(id: 1.5) {
    ... on ArgoprojIoV1alpha1Application { kind }
  }
  ...F
}
fragment F on Query {
  clusters { items { kind } }
}`);
    expect(places(answer)).toEqual([
      'Cannot query field 2:18',
      'The field "applications" 3:3',
      'The short name 4:3',
      'ID cannot represent 5:14',
      'The type "ArgoprojIoV1alpha1Application" 6:12',
      'The short name 11:3',
    ]);
  });

  it('does not make the gateway look for it: it is known to be there', async () => {
    const engine = await testEngine({ cluster: HIDDEN_AND_CONTESTED });
    await engine.run('{ version { major } }');
    engine.advance(2_000);
    const discoveries = () => engine.stub.requests.filter(({ path }) => path === '/apis').length;
    const before = discoveries();
    await engine.run('{ applications { items { kind } } clusters { items { kind } } }');
    await engine.run('{ object(id: "x") { ... on ArgoprojIoV1alpha1Application { kind } } }');
    expect(discoveries()).toBe(before);
    await engine.run('{ applications { items { kind } } gizmos { kind } }');
    expect(discoveries()).toBe(before + 1);
  });
});

it.each([
  ['mutation { createGadget { kind } }', 'Mutation', 'createGadget'],
  ['subscription { gadgets { type } }', 'Subscription', 'gadgets'],
])('what no resource can do is refused at its place: %s', async (query, type, field) => {
  const { run } = await testEngine({
    cluster: [
      {
        group: '',
        version: 'v1',
        resources: [stubResource({ kind: 'Gadget', plural: 'gadgets', verbs: ['get', 'list'] })],
      },
    ],
  });
  const { errors } = await run(query);
  expect(errors).toMatchObject([
    {
      message: `Cannot query field "${field}" on type "${type}".`,
      locations: [{ line: 1, column: query.indexOf(field) + 1 }],
    },
  ]);
});
