// Stands in for Lambda's runtime: imports a bundle, then answers each event that it is sent. Plain JavaScript, because
// the bundle must run on Node alone.
import { pathToFileURL } from 'node:url';

const { handler } = await import(pathToFileURL(process.argv[2]).href);

process.on('message', async ({ event, remainingMs }) => {
  try {
    process.send({ answer: await handler(event, { getRemainingTimeInMillis: () => remainingMs }) });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.send({ isReady: true });
