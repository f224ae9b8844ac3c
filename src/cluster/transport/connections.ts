import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../clock.ts';
import type { ClientCertificate, OnWarning } from '../credentials/credential.ts';
import { Reread } from '../credentials/reread.ts';
import type { ClusterTarget, PemSource } from '../kubeconfig/target.ts';
import { certificateProblem } from '../pem.ts';
import { FRESHNESS } from '../timeouts.ts';
import { type Agents, createAgents } from './agents.ts';
import { tlsOptions } from './connector.ts';

/**
 * The agents of one kind of identity. Another client certificate or authority brings new agents, and so new connections;
 * streams on the old ones go on to their end.
 */
export class Connections {
  readonly #target: ClusterTarget;
  readonly #clock: Clock;
  readonly #onWarning: OnWarning;
  #authority: AuthoritySource | undefined;
  #now: { agents: Agents; client: ClientCertificate | undefined; authority: string | undefined } | undefined;
  /** Those whose streams have not ended yet. */
  readonly #retired = new Set<Agents>();
  #isClosed = false;

  constructor(target: ClusterTarget, clock: Clock, onWarning: OnWarning) {
    this.#target = target;
    this.#clock = clock;
    this.#onWarning = onWarning;
  }

  /** @param client what is shown to the server; undefined for nothing. */
  async agents(client: ClientCertificate | undefined): Promise<Agents> {
    const { server, tls } = this.#target;
    this.#authority ??= authoritySource(tls.certificateAuthority, this.#clock, this.#onWarning);
    const authority = await this.#authority.current();
    if (this.#isClosed) throw new KubegraphError('UNREACHABLE', 'the gateway has closed its connections');
    if (this.#now !== undefined && this.#now.client === client && this.#now.authority === authority)
      return this.#now.agents;
    const agents = createAgents(this.#target, server.isTls ? tlsOptions(tls, authority, client) : undefined);
    if (this.#now !== undefined) this.#retire(this.#now.agents);
    this.#now = { agents, client, authority };
    return agents;
  }

  #retire(agents: Agents): void {
    this.#retired.add(agents);
    void agents.retire().then(() => this.#retired.delete(agents));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#retired, ...(this.#now === undefined ? [] : [this.#now.agents])];
    await Promise.all(all.map((agents) => agents.destroy()));
  }
}

interface AuthoritySource {
  current(): Promise<string | undefined>;
}

function authoritySource(from: PemSource | undefined, clock: Clock, onWarning: OnWarning): AuthoritySource {
  if (from === undefined) return { current: () => Promise.resolve(undefined) };
  if (from.kind === 'data') return { current: () => Promise.resolve(from.pem) };
  const { path } = from;
  return new Reread({
    initial: readFirst(path),
    freshMs: FRESHNESS.certificateFileMs,
    clock,
    onFailure: (error) =>
      onWarning(`the certificate authority ${path} cannot be read again; the last one stays in use`, error),
    read: async () => {
      const pem = await readFile(path, 'utf8');
      const problem = certificateProblem(pem);
      if (problem !== undefined) throw new Error(problem);
      return pem;
    },
  });
}

/** It was there when the kubeconfig was loaded; there is no last one to go on with yet. */
function readFirst(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = 'the certificate authority that the kubeconfig names cannot be read';
    throw new KubegraphError('CREDENTIALS_UNAVAILABLE', message, { cause });
  }
}
