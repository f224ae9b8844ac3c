const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STABILITY = ['alpha', 'beta', undefined];

/** Kubernetes' order of versions, best first: v2, v1, v2beta1, v1beta2, v1alpha1, then the others by name. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  const left = rankOf(a);
  const right = rankOf(b);
  if (left === undefined || right === undefined) {
    if (left === right) return a < b ? -1 : 1;
    return left === undefined ? 1 : -1;
  }
  const index = left.findIndex((value, at) => value !== right[at]);
  return (right[index] ?? 0) - (left[index] ?? 0);
}

function rankOf(version: string): readonly number[] | undefined {
  const match = VERSION.exec(version);
  if (match === null) return undefined;
  const [, major, stability, minor] = match;
  return [STABILITY.indexOf(stability), Number(major), Number(minor ?? 0)];
}
