import type { Method } from '../upstream.ts';

/** POST is how one asks these questions; nothing is stored. */
const REVIEWS =
  /^\/apis\/(?:authorization\.k8s\.io\/v1(?:(?:alpha|beta)\d+)?\/selfsubject(?:access|rules)reviews|authentication\.k8s\.io\/v1(?:(?:alpha|beta)\d+)?\/selfsubjectreviews)$/;

/** Whether a request leaves the cluster as it is, so that it may be sent twice and in read-only mode. */
export function isRead(method: Method, path: string): boolean {
  return method === 'GET' || (method === 'POST' && REVIEWS.test(path));
}
