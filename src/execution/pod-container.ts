import { defaultContainer } from '../logs/default-container.ts';
import { type Args, type OperationContext, optionalText } from './call.ts';
import { readOnce } from './read-once.ts';

/** The container that a field's arguments name, or the pod's default. Rejects as `defaultContainer` does. */
export async function podContainer(
  context: OperationContext,
  responseName: string,
  args: Args,
  { namespace, pod }: { readonly namespace: string; readonly pod: string },
): Promise<string | undefined> {
  const read = async (path: string): Promise<Buffer> =>
    (await readOnce(context, responseName, { path })).body;
  return optionalText(args, 'container') ?? (await defaultContainer(namespace, pod, read));
}
