/**
 * A program of its own: reads all pods in pages of 500 as the gateway does, with its transport, and makes the answer of
 * five fields of each, which is then thrown away.
 */
import { createHash, type Hash } from 'node:crypto';
import { homedir } from 'node:os';
import { KUBECONFIG_IDENTITY } from '../../src/cluster/identity.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig/load.ts';
import { createUpstream } from '../../src/cluster/transport/create.ts';
import type { Upstream, UpstreamAnswer, UpstreamBody } from '../../src/cluster/upstream.ts';
import { ByteWriter } from '../../src/projection/byte-writer.ts';
import { createListScanner } from '../../src/projection/create-list-scanner.ts';
import type { ListScanner } from '../../src/projection/list-scanner.ts';
import type { ObjectProgram } from '../../src/projection/program.ts';
import { compileProgram } from '../../src/projection/project.ts';
import { acceptOf, type Outcome, PAGE_SIZE, PATH, type Reply, type Work } from './forms.ts';
import { PodListScanner } from './pod-list-scanner.ts';

/** What of a page is looked at by those who throw it away: its metadata stands in front. */
const HEAD_BYTES = 4096;

/** So much is gathered before it is sent on, as the gateway does. */
const PIECE_BYTES = 64 * 1024;

type PageScanner = Pick<ListScanner, 'push' | 'metadata' | 'end'>;

const FIVE_FIELDS = compileProgram(
  object({
    metadata: object({ name: null, namespace: null, labels: null }),
    spec: object({ nodeName: null }),
    status: object({ phase: null }),
  }),
);

function object(keys: Readonly<Record<string, ObjectProgram | null>>): ObjectProgram {
  return {
    outputs: Object.entries(keys).map(([key, program]) => ({ kind: 'key', responseName: key, key, program })),
  };
}

let upstream: Upstream | undefined;

process.once('disconnect', () => process.exit());
process.on('message', (work: Work) => {
  read(work).then(
    (outcome) => process.send?.(outcome satisfies Reply),
    (error: unknown) => process.send?.({ failure: String(error) } satisfies Reply),
  );
});

/** Asks for the next page as soon as its token is known, like `ListPages`. */
async function read(work: Work): Promise<Outcome> {
  const output = new ByteWriter();
  // It takes time, so only those that are to be compared have one.
  const digest: Hash | undefined = work.resourceVersion === undefined ? undefined : createHash('sha256');
  const outcome = { pods: 0, bytes: 0 };
  const send = (): void => {
    const piece = output.take();
    outcome.bytes += piece.length;
    digest?.update(piece);
  };
  for (let page: Promise<UpstreamAnswer> | undefined = ask(work, undefined); page !== undefined;) {
    const scanner = scannerFor(work, output, outcome.pods);
    let ahead: typeof page | undefined;
    for await (const chunk of await bodyOf(page)) {
      scanner.push(chunk);
      const { continueToken } = scanner.metadata;
      if (continueToken !== undefined) ahead ??= ask(work, continueToken);
      if (output.length >= PIECE_BYTES) send();
    }
    const { count, ...said } = scanner.end();
    outcome.pods += count;
    output.write(Buffer.from(JSON.stringify(said)));
    page = ahead;
  }
  send();
  return { ...outcome, digest: digest?.digest('hex') };
}

function ask(work: Work, token: string | undefined): Promise<UpstreamAnswer> {
  const { kubeconfig, compress, resourceVersion } = work;
  const state = { resourceVersion, resourceVersionMatch: resourceVersion && 'Exact' };
  upstream ??= connect(kubeconfig);
  return upstream.send({
    identity: KUBECONFIG_IDENTITY,
    method: 'GET',
    path: PATH,
    query: { limit: String(PAGE_SIZE), ...(token === undefined ? state : { continue: token }) },
    accept: acceptOf(work),
    compress,
    mode: 'download',
  });
}

function connect(kubeconfig: string): Upstream {
  const target = loadKubeconfig({ path: kubeconfig, env: {}, homeDir: homedir() });
  return createUpstream({ target, mode: 'kubeconfig', readOnly: true, execPolicy: 'deny' });
}

async function bodyOf(page: Promise<UpstreamAnswer>): Promise<UpstreamBody> {
  const { status, body } = await page;
  if (status !== 200) throw new Error(`${PATH}: ${status}`);
  return body;
}

function scannerFor({ form, engine }: Work, output: ByteWriter, alreadyWritten: number): PageScanner {
  if (engine === 'none') return headOnly(form === 'json' ? counting() : new PodListScanner());
  if (form === 'protobuf') return new PodListScanner(output, alreadyWritten);
  return createListScanner(
    { programs: [FIVE_FIELDS], outputs: [output], alreadyWritten },
    engine === 'wasm' ? 'fastest' : 'javascript',
  );
}

function counting(): PageScanner {
  return createListScanner({ programs: [], outputs: [] }, 'javascript');
}

function headOnly(scanner: PageScanner): PageScanner {
  let isFirst = true;
  return {
    push: (chunk) => {
      if (isFirst) scanner.push(chunk.subarray(0, HEAD_BYTES));
      isFirst = false;
    },
    get metadata() {
      return scanner.metadata;
    },
    end: () => ({ count: 0, ...scanner.metadata }),
  };
}
