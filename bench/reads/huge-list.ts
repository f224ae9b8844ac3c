import { podOf } from '../../test/cluster/pod-template.ts';

export const HUGE_NAMESPACE = 'huge';

/** Fewer and larger than usual pods, because the gateway refuses lists of more than 50,000 items. */
export const HUGE_ITEMS = 40_000;
const ITEM_BYTES = 25_000;

/** The items from `from` on, `limit` at most, as the JSON of a PodList, an item a chunk. */
export function* hugePage(from: number, limit: number): Generator<string> {
  const end = Math.min(from + limit, HUGE_ITEMS);
  const rest = end < HUGE_ITEMS ? { continue: String(end), remainingItemCount: HUGE_ITEMS - end } : {};
  const metadata = JSON.stringify({ resourceVersion: '1', ...rest });
  yield `{"kind":"PodList","apiVersion":"v1","metadata":${metadata},"items":[`;
  for (let index = from; index < end; index++) yield (index === from ? '' : ',') + item(index);
  yield ']}\n';
}

const PLACEHOLDER = '@name@';
const [beforeName = '', behindName = ''] = template().split(PLACEHOLDER);

function item(index: number): string {
  return `${beforeName}pod-${String(index).padStart(5, '0')}${behindName}`;
}

/** A pod with as many containers as fill it: padding in one long string would be too easy to skip. */
function template(): string {
  // The template's own shape, of which only this much is touched here.
  const pod = podOf(0) as { metadata: object; spec: { containers: object[] } };
  const { metadata, spec } = pod;
  const containers = [...spec.containers];
  const text = (): string =>
    JSON.stringify({
      metadata: { ...metadata, name: PLACEHOLDER, namespace: HUGE_NAMESPACE },
      spec: { nodeName: 'node-0', ...spec, containers },
      status: { phase: 'Running' },
    });
  while (text().length < ITEM_BYTES) containers.push(...spec.containers);
  return text();
}
