import { atEnd } from './support/at-end.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWidgets } from './support/custom-kind.ts';
import { at, type Exact, listAt, textAt } from './support/exact-json.ts';
import { openSuite, uniqueName } from './support/suite.ts';

const { kubectl, gateway, namespace } = await openSuite();
const widgets = await createWidgets(kubectl);
const gadgets = await createWidgets(kubectl, 'Cluster');

const names: string[] = [];
// Everything else goes with its namespace or its definition.
atEnd(() => kubectl.delete('clusterroles', ...names));

function newName(): string {
  const name = uniqueName();
  names.push(name);
  return name;
}

/** A kind of object that all verbs are tried on: how to name it, and a value in it that can be changed. */
interface Subject {
  readonly label: string;
  /** As in field and mutation names: `CoreV1ConfigMap`. */
  readonly type: string;
  readonly resource: string;
  readonly isNamespaced: boolean;
  /** Whether PUT insists on a resourceVersion. */
  readonly isCustom: boolean;
  readonly content: (value: string) => Readonly<Record<string, unknown>>;
  readonly valuePath: readonly string[];
}

const SUBJECTS: readonly Subject[] = [
  {
    label: 'a built-in, namespaced resource',
    type: 'CoreV1ConfigMap',
    resource: 'configmaps',
    isNamespaced: true,
    isCustom: false,
    content: (value) => ({ data: { value } }),
    valuePath: ['data', 'value'],
  },
  {
    label: 'a built-in, cluster-wide resource',
    type: 'RbacAuthorizationV1ClusterRole',
    resource: 'clusterroles',
    isNamespaced: false,
    isCustom: false,
    content: (value) => ({ rules: [{ apiGroups: [''], resources: [value], verbs: ['get'] }] }),
    valuePath: ['rules', '0', 'resources', '0'],
  },
  {
    label: 'a custom, namespaced resource',
    type: widgets.typeName,
    resource: `widgets.${widgets.group}`,
    isNamespaced: true,
    isCustom: true,
    content: (text) => ({ spec: { text } }),
    valuePath: ['spec', 'text'],
  },
  {
    label: 'a custom, cluster-wide resource',
    type: gadgets.typeName,
    resource: `widgets.${gadgets.group}`,
    isNamespaced: false,
    isCustom: true,
    content: (text) => ({ spec: { text } }),
    valuePath: ['spec', 'text'],
  },
];

describe.each(SUBJECTS)('$label', (subject) => {
  const { type, valuePath } = subject;
  const inNamespace = subject.isNamespaced ? `namespace: "${namespace}", ` : '';

  const stored = async (name: string): Promise<Exact | undefined> => {
    const where = subject.isNamespaced ? ['-n', namespace] : [];
    const output = await kubectl.run([
      'get',
      ...where,
      subject.resource,
      name,
      '-o',
      'json',
      '--ignore-not-found',
      '--show-managed-fields',
    ]);
    return output === '' ? undefined : (JSON.parse(output) as Exact);
  };
  const storedValue = async (name: string) => at(await stored(name), ...valuePath);
  const object = (name: string, value: string) => ({
    metadata: { name, labels: { suite: namespace } },
    ...subject.content(value),
  });
  const mutate = (field: string, args: string, variables: object = {}, selection = 'raw') => {
    const declared = Object.entries(variables).map(
      ([name]) => `$${name}: ${name === 'input' ? `${type}Input!` : 'JSON!'}`,
    );
    const head = declared.length === 0 ? '' : `(${declared.join(', ')})`;
    return gateway.ask(`mutation ${head} { it: ${field}(${inNamespace}${args}) { ${selection} } }`, {
      ...variables,
    });
  };
  const created = async (value = 'before'): Promise<string> => {
    const name = newName();
    const answer = await mutate(`create${type}`, 'input: $input', { input: object(name, value) });
    expect(answer.errors).toEqual([]);
    return name;
  };

  it('is created, and the answer is what kubectl then sees', async () => {
    const name = newName();
    const answer = await mutate(`create${type}`, 'input: $input', { input: object(name, 'new') });
    expect(answer.errors).toEqual([]);
    expect(at(answer.data, 'it', 'raw')).toEqual(await stored(name));
    expect(await storedValue(name)).toBe('new');
  });

  it('cannot be created twice', async () => {
    const name = await created();
    const answer = await mutate(`create${type}`, 'input: $input', { input: object(name, 'again') });
    expect(answer.errors).toMatchObject([
      {
        path: ['it'],
        extensions: { code: 'ALREADY_EXISTS', kubernetes: { reason: 'AlreadyExists', code: 409 } },
      },
    ]);
    expect(answer.data).toEqual({ it: null });
    expect(await storedValue(name)).toBe('before');
  });

  it('is replaced as a whole', async () => {
    const name = await created();
    const { resourceVersion } = (at(await stored(name), 'metadata') ?? {}) as { resourceVersion?: string };
    const input = { metadata: { name, resourceVersion }, ...subject.content('after') };
    const answer = await mutate(`replace${type}`, 'input: $input', { input });
    expect(answer.errors).toEqual([]);
    expect(at(answer.data, 'it', 'raw')).toEqual(await stored(name));
    expect(await storedValue(name)).toBe('after');
    expect(at(await stored(name), 'metadata', 'labels')).toBeUndefined();
  });

  it('is not replaced when it changed meanwhile', async () => {
    const name = await created();
    const before = at(await stored(name), 'metadata', 'resourceVersion');
    await mutate(`patch${type}`, `name: "${name}", patch: $patch`, {
      patch: { metadata: { labels: { a: 'b' } } },
    });
    const input = { metadata: { name, resourceVersion: before }, ...subject.content('after') };
    const answer = await mutate(`replace${type}`, 'input: $input', { input });
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'CONFLICT', kubernetes: { reason: 'Conflict' } } },
    ]);
    expect(await storedValue(name)).toBe('before');
  });

  it('is patched by a merge', async () => {
    const name = await created();
    const patch = { metadata: { labels: { added: 'x', suite: null } }, ...subject.content('merged') };
    const answer = await mutate(`patch${type}`, `name: "${name}", patch: $patch`, { patch });
    expect(answer.errors).toEqual([]);
    expect(at(answer.data, 'it', 'raw')).toEqual(await stored(name));
    expect(await storedValue(name)).toBe('merged');
    expect(at(await stored(name), 'metadata', 'labels')).toEqual({ added: 'x' });
  });

  it('is patched by a list of operations', async () => {
    const name = await created();
    const path = `/${valuePath.join('/')}`;
    const patch = [
      { op: 'test', path, value: 'before' },
      { op: 'replace', path, value: 'operated' },
    ];
    const answer = await mutate(`patch${type}`, `name: "${name}", type: JSON, patch: $patch`, { patch });
    expect(answer.errors).toEqual([]);
    expect(await storedValue(name)).toBe('operated');
    const again = await mutate(`patch${type}`, `name: "${name}", type: JSON, patch: $patch`, { patch });
    expect(again.errors).toMatchObject([{ extensions: { code: 'INVALID', kubernetes: { code: 422 } } }]);
  });

  it(subject.isCustom ? 'cannot be patched strategically' : 'is patched strategically', async () => {
    const name = await created();
    const patch = subject.content('strategic');
    const answer = await mutate(`patch${type}`, `name: "${name}", type: STRATEGIC, patch: $patch`, { patch });
    const refusal = { path: ['it'], extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } };
    expect(answer.errors).toMatchObject(subject.isCustom ? [refusal] : []);
    expect(await storedValue(name)).toBe(subject.isCustom ? 'before' : 'strategic');
  });

  it('is created by an apply and changed by the next', async () => {
    const name = newName();
    const apply = (value: string) =>
      mutate(`apply${type}`, `name: "${name}", fieldManager: "alice", input: $input`, {
        input: object(name, value),
      });
    expect((await apply('first')).errors).toEqual([]);
    expect(await storedValue(name)).toBe('first');
    const second = await apply('second');
    expect(at(second.data, 'it', 'raw')).toEqual(await stored(name));
    expect(await storedValue(name)).toBe('second');
    expect(listAt(await stored(name), 'metadata', 'managedFields')).toMatchObject([
      { manager: 'alice', operation: 'Apply' },
    ]);
  });

  it('is not applied over what another manager owns, unless forced', async () => {
    const name = newName();
    const apply = (value: string, manager: string, force = '') =>
      mutate(`apply${type}`, `name: "${name}", fieldManager: "${manager}"${force}, input: $input`, {
        input: object(name, value),
      });
    await apply('alice', 'alice');
    const refused = await apply('bob', 'bob');
    expect(refused.errors).toMatchObject([
      {
        path: ['it'],
        extensions: {
          code: 'CONFLICT',
          kubernetes: {
            code: 409,
            details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "alice"' }] },
          },
        },
      },
    ]);
    expect(await storedValue(name)).toBe('alice');
    expect((await apply('bob', 'bob', ', force: true')).errors).toEqual([]);
    expect(await storedValue(name)).toBe('bob');
  });

  it('is deleted', async () => {
    const name = await created();
    const answer = await mutate(
      `delete${type}`,
      `name: "${name}"`,
      {},
      'pending object { raw } status { status details }',
    );
    expect(at(answer.data, 'it')).toEqual({
      pending: false,
      object: null,
      status: { status: 'Success', details: expect.objectContaining({ name }) },
    });
    expect(await stored(name)).toBeUndefined();
    const again = await mutate(`delete${type}`, `name: "${name}"`, {}, 'pending');
    expect(again.errors).toMatchObject([{ path: ['it'], extensions: { code: 'NOT_FOUND' } }]);
  });

  it('stays, as pending, while it has finalizers', async () => {
    const name = await created();
    const finalizers = (list: readonly string[] | null) =>
      mutate(`patch${type}`, `name: "${name}", patch: $patch`, { patch: { metadata: { finalizers: list } } });
    onTestFinished(async () => void (await finalizers(null)));
    await finalizers(['example.com/hold']);
    const answer = await mutate(
      `delete${type}`,
      `name: "${name}"`,
      {},
      'pending object { metadata { finalizers } } status { status }',
    );
    expect(at(answer.data, 'it')).toEqual({
      pending: true,
      object: { metadata: { finalizers: ['example.com/hold'] } },
      status: null,
    });
    expect(at(await stored(name), 'metadata', 'deletionTimestamp')).toMatch(/^\d{4}-/);
    await finalizers(null);
    expect(await stored(name)).toBeUndefined();
  });

  it('is deleted only under its preconditions', async () => {
    const name = await created();
    const uid = textAt(await stored(name), 'metadata', 'uid');
    const version = textAt(await stored(name), 'metadata', 'resourceVersion');
    const deleted = (preconditions: string) =>
      mutate(`delete${type}`, `name: "${name}", preconditions: { ${preconditions} }`, {}, 'pending');
    for (const wrong of ['uid: "00000000-0000-0000-0000-000000000000"', 'resourceVersion: "1"']) {
      expect((await deleted(wrong)).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    }
    expect(await storedValue(name)).toBe('before');
    expect((await deleted(`uid: "${uid}", resourceVersion: "${version}"`)).errors).toEqual([]);
    expect(await stored(name)).toBeUndefined();
  });

  it('is not touched by any dry run, whose answer shows what would be', async () => {
    const name = await created();
    const before = await stored(name);
    const fresh = newName();
    const input = object(name, 'dry');
    const withVersion = {
      ...input,
      metadata: { name, resourceVersion: at(before, 'metadata', 'resourceVersion') },
    };
    const answers = [
      await mutate(`create${type}`, 'dryRun: true, input: $input', { input: object(fresh, 'dry') }),
      await mutate(`replace${type}`, 'dryRun: true, input: $input', { input: withVersion }),
      await mutate(`patch${type}`, `name: "${name}", dryRun: true, patch: $patch`, {
        patch: subject.content('dry'),
      }),
      await mutate(`apply${type}`, `name: "${name}", dryRun: true, force: true, input: $input`, { input }),
    ];
    for (const answer of answers) {
      expect(answer.errors).toEqual([]);
      expect(at(answer.data, 'it', 'raw', ...valuePath)).toBe('dry');
    }
    expect((await mutate(`delete${type}`, `name: "${name}", dryRun: true`, {}, 'pending')).errors).toEqual(
      [],
    );
    const all = await mutate(
      `delete${type}s`,
      `labelSelector: "suite=${namespace}", dryRun: true`,
      {},
      'items { id }',
    );
    expect(listAt(all.data, 'it', 'items').length).toBeGreaterThan(0);
    expect(await stored(name)).toEqual(before);
    expect(await stored(fresh)).toBeUndefined();
  });

  it('with a field that the API server does not know is refused, warned about or cut, as asked', async () => {
    const name = await created();
    const patch = { metadata: { labels: { a: 'b' } }, unknownField: 1 };
    const strict = await mutate(`patch${type}`, `name: "${name}", patch: $patch`, { patch });
    expect(strict.errors).toMatchObject([{ path: ['it'], extensions: { code: 'INVALID' } }]);
    expect(strict.errors[0]?.message).toContain('unknown field "unknownField"');
    const warn = await mutate(`patch${type}`, `name: "${name}", fieldValidation: WARN, patch: $patch`, {
      patch,
    });
    expect(warn.errors).toEqual([]);
    expect(warn.extensions).toEqual({ warnings: [{ path: ['it'], text: 'unknown field "unknownField"' }] });
    const ignore = await mutate(`patch${type}`, `name: "${name}", fieldValidation: IGNORE, patch: $patch`, {
      patch,
    });
    expect([ignore.errors, ignore.extensions]).toEqual([[], undefined]);
    expect(at(await stored(name), 'unknownField')).toBeUndefined();
  });

  it('is deleted with all that a selector selects, and never without one by accident', async () => {
    const [kept, gone] = [await created(), await created()];
    await mutate(`patch${type}`, `name: "${gone}", patch: $patch`, {
      patch: { metadata: { labels: { gone } } },
    });
    const none = await mutate(`delete${type}s`, 'dryRun: false', {}, 'items { metadata { name } }');
    expect(none.errors).toMatchObject([{ path: ['it'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(await storedValue(gone)).toBe('before');
    const some = await mutate(
      `delete${type}s`,
      `labelSelector: "gone=${gone}"`,
      {},
      'items { metadata { name } }',
    );
    expect(listAt(some.data, 'it', 'items')).toEqual([{ metadata: { name: gone } }]);
    expect(await stored(gone)).toBeUndefined();
    const byField = await mutate(
      `delete${type}s`,
      `fieldSelector: "metadata.name=${kept}"`,
      {},
      'items { metadata { name } }',
    );
    expect(listAt(byField.data, 'it', 'items')).toEqual([{ metadata: { name: kept } }]);
    expect(await stored(kept)).toBeUndefined();
  });
});
