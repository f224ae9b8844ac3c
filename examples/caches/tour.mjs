import { DELETE, DEPLOYMENT, DEPLOYMENTS, PATCH, SAVE, SETTINGS, SETTINGS_EVENTS } from './documents.mjs';

/**
 * The same walk for every cache: what it says of objects that it did not ask for again.
 *
 * `query`, `mutate` answer with data; `cached` with what the cache has, without a request; `follow` calls back with the type
 * of each event once the cache has it, and returns a function that ends it.
 */
export async function tour({ query, mutate, cached, follow }) {
  await query(DEPLOYMENTS);
  await query(DEPLOYMENT);
  await mutate(PATCH, { patch: { spec: { replicas: 4 } } });
  for (const { metadata, spec } of cached(DEPLOYMENTS).deployments.items)
    console.log(metadata.name, spec.replicas);

  await query(SETTINGS);
  const input = (theme) => ({ input: { metadata: { labels: { example: 'caches' } }, data: { theme } } });
  const nextAfter = {
    SYNCED: () => mutate(SAVE, input('dark')),
    ADDED: () => mutate(SAVE, input('light')),
    MODIFIED: () => mutate(DELETE),
  };
  await new Promise((resolve, reject) => {
    const leave = follow(SETTINGS_EVENTS, (type) => {
      const settings = cached(SETTINGS).configMaps.items.map(
        ({ metadata, data }) => `${metadata.name}: ${data.theme}`,
      );
      console.log(type, settings);
      if (type !== 'DELETED') return nextAfter[type]().catch(reject);
      leave();
      resolve();
    });
  });
}
