import { describe, expect, it } from 'vitest';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { stubGroupVersion, stubResource } from '../support/stub-resources.ts';
import { testEngine, valueOf } from '../support/test-engine.ts';

const ALPHA_IS_HIDDEN = 'z.example.com/v1alpha1 is alpha, and only beta or better is shown';
const SUBRESOURCE = `name apiVersion kind verbs fields {
  get create replace patch apply scale shortGet shortCreate shortReplace shortPatch shortApply shortScale
}`;
const NO_FIELDS = {
  get: null,
  create: null,
  replace: null,
  patch: null,
  apply: null,
  scale: null,
  shortGet: null,
  shortCreate: null,
  shortReplace: null,
  shortPatch: null,
  shortApply: null,
  shortScale: null,
};

describe('apiResources', () => {
  it('lists what `kubectl api-resources` lists, and the fields that reach it', async () => {
    const { run } = await testEngine();
    const answer = await run(`{ apiResources(group: "") {
      name singularName shortNames apiVersion kind namespaced verbs categories stability preferred fields { list get shortList shortGet }
    } }`);
    expect((valueOf(answer, 'apiResources') as unknown[])[0]).toEqual({
      name: 'pods',
      singularName: 'pod',
      shortNames: ['po'],
      apiVersion: 'v1',
      kind: 'Pod',
      namespaced: true,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      categories: ['all'],
      stability: 'STABLE',
      preferred: true,
      fields: { list: 'coreV1Pods', get: 'coreV1Pod', shortList: 'pods', shortGet: 'pod' },
    });
  });

  it.each([
    ['group: "apps"', ['deployments']],
    ['group: "core", namespaced: false', ['nodes', 'namespaces']],
    ['group: "", namespaced: false', ['nodes', 'namespaces']],
    ['group: "example.com", namespaced: false', ['plugins']],
    ['categories: ["all"]', ['pods', 'deployments']],
    ['verbs: ["impossible"]', []],
    ['version: "v2"', []],
    ['stability: ALPHA', []],
    [
      'stability: [STABLE, ALPHA], namespaced: false',
      ['nodes', 'namespaces', 'customresourcedefinitions', 'plugins'],
    ],
  ])('narrows by %s', async (args, names) => {
    const { run } = await testEngine();
    const { data } = await run(`{ apiResources(${args}) { name } }`);
    expect(data).toEqual({ apiResources: names.map((name) => ({ name })) });
  });

  it('names the fields of every operation that its verbs allow', async () => {
    const widgets = stubResource({
      group: 'z.example.com',
      kind: 'Gadget',
      plural: 'gadgets',
      verbs: ['create', 'deletecollection', 'list', 'watch'],
    });
    const { run } = await testEngine({
      cluster: [{ group: 'z.example.com', version: 'v1', resources: [widgets] }],
    });
    const { data } = await run(`{ apiResources { fields {
      list get watch live create replace patch apply delete deleteCollection
      shortList shortGet shortWatch shortLive shortCreate shortReplace shortPatch shortApply shortDelete shortDeleteCollection
    } } }`);
    const none = { get: null, replace: null, patch: null, apply: null, delete: null };
    const noneShort = {
      shortGet: null,
      shortReplace: null,
      shortPatch: null,
      shortApply: null,
      shortDelete: null,
    };
    expect(data).toEqual({
      apiResources: [
        {
          fields: {
            ...none,
            ...noneShort,
            list: 'zExampleComV1Gadgets',
            watch: 'zExampleComV1Gadgets',
            live: 'zExampleComV1GadgetsLive',
            create: 'createZExampleComV1Gadget',
            deleteCollection: 'deleteZExampleComV1Gadgets',
            shortList: 'gadgets',
            shortWatch: 'gadgets',
            shortLive: 'gadgetsLive',
            shortCreate: 'createGadget',
            shortDeleteCollection: 'deleteGadgets',
          },
        },
      ],
    });
  });

  it('lists the subresources, and the fields that reach each of them', async () => {
    const { run } = await testEngine();
    const { data } = await run(`{
      apps: apiResources(group: "apps") { subresources { ${SUBRESOURCE} } }
      core: apiResources(group: "core", categories: ["all"]) { subresources { ${SUBRESOURCE} } }
      none: apiResources(group: "core", namespaced: false) { subresources { name } }
    }`);
    expect(data).toEqual({
      apps: [
        {
          subresources: [
            {
              name: 'scale',
              apiVersion: 'autoscaling/v1',
              kind: 'Scale',
              verbs: ['get', 'patch', 'update'],
              fields: {
                ...NO_FIELDS,
                get: 'appsV1DeploymentScale',
                replace: 'replaceAppsV1DeploymentScale',
                patch: 'patchAppsV1DeploymentScale',
                apply: 'applyAppsV1DeploymentScale',
                scale: 'scaleAppsV1Deployment',
                shortGet: 'deploymentScale',
                shortReplace: 'replaceDeploymentScale',
                shortPatch: 'patchDeploymentScale',
                shortApply: 'applyDeploymentScale',
                shortScale: 'scaleDeployment',
              },
            },
          ],
        },
      ],
      core: [
        {
          subresources: [
            { name: 'log', apiVersion: 'v1', kind: 'Pod', verbs: ['get'], fields: NO_FIELDS },
            {
              name: 'eviction',
              apiVersion: 'policy/v1',
              kind: 'Eviction',
              verbs: ['create'],
              fields: { ...NO_FIELDS, create: 'evictCoreV1Pod', shortCreate: 'evictPod' },
            },
          ],
        },
      ],
      none: [{ subresources: [] }, { subresources: [] }],
    });
  });

  it('lists what the schema does not show, without fields, and says why', async () => {
    const { run } = await testEngine({
      cluster: [...STANDARD_CLUSTER, stubGroupVersion('z.example.com', 'v1alpha1', { Gadget: 'gadgets' })],
    });
    const { data } = await run(
      '{ apiResources(stability: ALPHA) { apiVersion name preferred hidden fields { list create shortList } } }',
    );
    expect(data).toEqual({
      apiResources: [
        {
          apiVersion: 'z.example.com/v1alpha1',
          name: 'gadgets',
          preferred: false,
          hidden: ALPHA_IS_HIDDEN,
          fields: { list: null, create: null, shortList: null },
        },
      ],
    });
  });

  it('names no short field that means another resource', async () => {
    const { run } = await testEngine({
      cluster: [...STANDARD_CLUSTER, stubGroupVersion('z.example.com', 'v1beta1', { Pod: 'pods' })],
    });
    const { data } = await run(
      '{ apiResources(group: "z.example.com") { stability hidden fields { list shortList } } }',
    );
    expect(data).toEqual({
      apiResources: [
        { stability: 'BETA', hidden: null, fields: { list: 'zExampleComV1beta1Pods', shortList: null } },
      ],
    });
  });
});
