/** A pod in the namespace `a`, as the API server has it. */
export function pod(name: string, resourceVersion: string | number, nodeName = 'n', labels?: object): object {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace: 'a',
      uid: `uid-${name}`,
      resourceVersion: String(resourceVersion),
      ...(labels === undefined ? {} : { labels }),
    },
    spec: { nodeName },
  };
}

/** The id of a pod in the namespace `a`. */
export function podId(name: string): string {
  return Buffer.from(JSON.stringify(['', 'v1', 'pods', 'a', name])).toString('base64url');
}
