import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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
    if (this.#now !== undefined && this.#now.client === client && this.#now.authority === authority)
      return this.#now.agents;
    const agents = createAgents(this.#target, server.isTls ? tlsOptions(tls, authority, client) : undefined);
    this.#now?.agents.retire();
    this.#now = { agents, client, authority };
    if (this.#isClosed) await agents.destroy();
    return agents;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#now?.agents.destroy();
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
    initial: readFileSync(path, 'utf8'),
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
