import { setMaxListeners } from 'node:events';
import { getVariableValues, GraphQLError, OperationTypeNode } from 'graphql';
import type { Catalog, Catalogs } from '../catalog/catalog.ts';
import { Deprecations } from '../catalog/deprecations/deprecations.ts';
import type { DocumentCache } from '../catalog/document-cache.ts';
import { ExplainDocuments } from '../catalog/explain/documents.ts';
import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { GatewaySchema } from '../mapping/gateway-schema.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import { backgroundClock, type Clock } from '../util/clock.ts';
import { Lru } from '../util/lru.ts';
import { within } from '../util/within.ts';
import { Introspection } from '../introspection/introspection.ts';
import { type Answer, type CompressedAnswer, dataAnswer, refusal, type StreamedAnswer } from './answer.ts';
import { FieldsAnswer, MAX_CONCURRENT_FIELDS } from './answer-fields.ts';
import type { ExecutionLimits, OperationContext } from './call.ts';
import type { Watches } from './event-reader.ts';
import { Documents, type TrustedDocuments } from './documents.ts';
import { documentError, fieldError, type ReportDefect, requestError } from './graphql-errors.ts';
import {
  introspectionAnswer,
  introspectionText,
  isIntrospection,
  prepareIntrospection,
} from './introspection.ts';
import { jsonOf } from './json-parts.ts';
import { observedUpstream } from './observed-upstream.ts';
import type { AnswerForms, OperationRequest, TextRequest } from './operation-request.ts';
import { type Plan, planDocument, type PlanResult } from './plan.ts';
import { type PreparedField, prepareRootField } from './root-field.ts';
import { type RootSelection, rootSelections, rootType, selectedField } from './root-selections.ts';
import { MAX_SELECTED_FIELDS } from './selections.ts';
import { subscribe } from './subscribe.ts';
import type { SubscriptionAnswer } from './subscription-answer.ts';

type AnyRequest = OperationRequest & Partial<AnswerForms>;
type AnyAnswer = Answer | CompressedAnswer | StreamedAnswer;

/** A single answer, or for subscriptions one payload after the other. */
export type OperationAnswer = Answer | SubscriptionAnswer;

export interface EngineOptions {
  readonly upstream: Upstream;
  readonly catalogs: Catalogs;
  readonly hub: Watches;
  /** Where written introspection is kept from one start to the next. Default: nowhere. */
  readonly cache?: DocumentCache;
  readonly limits?: Partial<ExecutionLimits>;
  /** What the schema shows. Default: see SchemaOptions. */
  readonly schema?: SchemaOptions | undefined;
  /** Default: none, and everything is executed. */
  readonly documents?: TrustedDocuments | undefined;
  readonly report: ReportDefect;
  /** Milliseconds since the epoch. Default: the system's. */
  readonly now?: () => number;
  /** For what subscriptions collect before they send it. Default: the system's. */
  readonly clock?: Clock;
  /**
   * Told in words what of the schema options could not be followed, once for each state of the API server, and which
   * trusted documents do not fit the schema, once for each.
   */
  readonly warn?: (problem: string) => void;
}

const DEFAULT_LIMITS: ExecutionLimits = { maxBytes: 256 * 1024 * 1024 };

/** Plans kept for each schema, in bytes: some 300 documents of the size that a view in a browser sends. */
const MAX_PLAN_BYTES = 16 * 1024 * 1024;

/** How long a document with an unknown name waits for a look at what the API server serves now. */
const MAX_REFRESH_WAIT_MS = 1_000;

/**
 * How long a schema is used that has met documents of another state than its catalogue names, in milliseconds. An API server
 * that is behind, or two behind one address, can make that the rule: each request would load the same all over again.
 */
const MAX_PASSING_MS = 1_000;

/** Schemas kept: one for each state of the API server that somebody still sees. */
const MAX_SCHEMAS = 4;

/** Executes GraphQL requests: document → plan (cached) → upstream calls → answer. */
export class Engine {
  /** What the API server has called deprecated, as far as its answers have told. */
  readonly deprecations = new Deprecations();
  /** What documents can be asked for by name. */
  readonly documents: Documents;
  readonly #options: EngineOptions;
  readonly #limits: ExecutionLimits;
  readonly #explainDocuments: ExplainDocuments;
  readonly #schemas = new Lru<string, GatewaySchema>({ maxWeight: MAX_SCHEMAS });
  /** By schema, which has been prepared for them: one that was dropped and made again knows nothing of them. */
  readonly #plans = new WeakMap<GatewaySchema, Lru<string, Plan>>();
  /** When a schema was first seen to be passing. */
  readonly #passingSince = new WeakMap<GatewaySchema, number>();
  readonly #introspection: Introspection;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#introspection = new Introspection(options.cache);
    this.#explainDocuments = new ExplainDocuments(options.upstream);
    this.documents = new Documents({ trusted: options.documents, warn: options.warn });
  }

  /** Never rejects: what goes wrong is in the answer. */
  execute(request: OperationRequest & AnswerForms): Promise<OperationAnswer | AnyAnswer>;
  execute(request: OperationRequest): Promise<OperationAnswer>;
  async execute(request: AnyRequest): Promise<OperationAnswer | AnyAnswer> {
    // Each call upstream listens for the client's leaving, and an operation makes several at the same time.
    if (request.signal instanceof EventTarget) setMaxListeners(4 * MAX_CONCURRENT_FIELDS, request.signal);
    try {
      return await this.#execute(request);
    } catch (error) {
      return refusal([requestError(error, request.signal, this.#options.report)]);
    }
  }

  /** The schema as `identity` is shown it now, for printing it and for its names. */
  async schemaFor(identity: Identity): Promise<GatewaySchema> {
    return this.#schemaOf(await this.#options.catalogs.get(identity));
  }

  /** Plans the trusted documents ahead of whoever asks for them, which tells of those that do not fit the schema. */
  async planTrusted(identity: Identity): Promise<void> {
    const catalog = await this.#options.catalogs.get(identity);
    for (const documentId of this.documents.trustedNames) {
      const { text: query, planned } = this.documents.find({ documentId }, identity);
      const { result } = await this.#planWith(catalog, { query, identity });
      planned('errors' in result ? result.errors : []);
    }
  }

  async #execute(asked: AnyRequest): Promise<OperationAnswer | AnyAnswer> {
    const document = this.documents.find(asked, asked.identity);
    const request = { ...asked, query: document.text };
    const { catalog, schema, result } = await this.#plan(request);
    document.planned('errors' in result ? result.errors : []);
    if ('errors' in result) return refusal(result.errors);
    const { plan } = result;
    const { operation } = plan;
    if (request.allow !== undefined && !request.allow.includes(operation.operation)) {
      return refusal([notAllowedHere(operation.operation)]);
    }
    const variables = getVariableValues(
      schema.schema,
      operation.variableDefinitions ?? [],
      request.variables ?? {},
    );
    if (variables.errors !== undefined) {
      return refusal(variables.errors.map((error) => documentError(error, 'BAD_USER_INPUT')));
    }
    const context: OperationContext = {
      upstream: observedUpstream(this.#options.upstream, catalog.discovery, this.deprecations),
      identity: request.identity,
      signal: request.signal,
      catalog,
      deprecations: this.deprecations,
      explainDocuments: this.#explainDocuments,
      schema,
      selection: {
        fragments: plan.fragments,
        variables: variables.coerced,
        compiled: plan.compilations.of(variables.coerced),
        budget: { left: MAX_SELECTED_FIELDS },
      },
      limits: this.#limits,
      memory: { left: this.#limits.maxBytes },
      warnings: [],
      reads: new Map(),
      lists: new Map(),
    };
    if (operation.operation === OperationTypeNode.SUBSCRIPTION)
      return this.#subscribe(context, plan, request);
    return this.#answer(context, plan, request);
  }

  /** A document that does not fit may name what has just been installed: look again, once, before refusing it. */
  async #plan(
    request: TextRequest,
  ): Promise<{ catalog: Catalog; schema: GatewaySchema; result: PlanResult }> {
    const { catalogs } = this.#options;
    const catalog = await catalogs.get(request.identity);
    const first = await this.#planWith(catalog, request);
    if ('plan' in first.result || !first.result.namesUnknown) return first;
    // A misspelt name must not wait for an API server that hangs; the catalogue is then read behind the answer.
    const fresh = await within(MAX_REFRESH_WAIT_MS, catalogs.refresh(request.identity));
    return fresh === undefined || fresh.revision === catalog.revision
      ? first
      : this.#planWith(fresh, request);
  }

  async #planWith(
    catalog: Catalog,
    request: TextRequest,
  ): Promise<{ catalog: Catalog; schema: GatewaySchema; result: PlanResult }> {
    const schema = this.#schemaOf(catalog);
    // Some clients send an empty name where they mean none.
    const operationName = request.operationName || undefined;
    const key = `${operationName ?? ''}\n${request.query}`;
    const plans = this.#plans.get(schema);
    const known = plans?.get(key);
    if (known !== undefined) return { catalog, schema, result: { plan: known } };
    const result = await planDocument(schema, request.identity, request.query, operationName);
    // The catalogue is behind the API server: whoever comes next should not meet it like that.
    if (schema.isPassing) void this.#options.catalogs.refresh(request.identity).catch(() => undefined);
    // Of those who came at the same time, as all do after a restart, one has made the plan that they share what is made from.
    const made = plans?.get(key);
    if (made !== undefined) return { catalog, schema, result: { plan: made } };
    if ('plan' in result) plans?.set(key, result.plan);
    return { catalog, schema, result };
  }

  #schemaOf(catalog: Catalog): GatewaySchema {
    const known = this.#schemas.get(catalog.revision);
    if (known !== undefined && !this.#hasPassed(known)) return known;
    const schema = new GatewaySchema(catalog, this.#options.schema, this.deprecations);
    for (const problem of schema.problems) this.#options.warn?.(problem);
    this.#schemas.set(catalog.revision, schema);
    this.#plans.set(schema, new Lru({ maxWeight: MAX_PLAN_BYTES, weigh: ({ bytes }) => bytes }));
    return schema;
  }

  #hasPassed(schema: GatewaySchema): boolean {
    if (!schema.isPassing) return false;
    const now = this.#options.now?.() ?? Date.now();
    const since = this.#passingSince.get(schema) ?? now;
    this.#passingSince.set(schema, since);
    return now - since >= MAX_PASSING_MS;
  }

  async #answer(
    context: OperationContext,
    plan: Plan,
    request: AnyRequest & TextRequest,
  ): Promise<AnyAnswer> {
    const selections = rootSelections(context, plan);
    const alone = request.takesCompressed === true && selections.length === 1 ? selections[0] : undefined;
    if (alone !== undefined && isIntrospection(alone.name)) return this.#introspect(context, request, alone);
    // All of it is compiled before the first call: what cannot be answered must not have changed anything.
    const fields = selections.map((selection) => ({
      selection,
      ...this.#prepare(context, plan, selection),
    }));
    const answer = new FieldsAnswer(context, fields, this.#options.report);
    if (plan.operation.operation === OperationTypeNode.MUTATION) return answer.whole(1);
    return request.takesStreamed === true ? answer.streamed() : answer.whole();
  }

  #prepare(context: OperationContext, plan: Plan, selection: RootSelection): PreparedField {
    const { name } = selection;
    const type = rootType(context, plan);
    if (name === '__typename') return { resolve: () => Promise.resolve(jsonOf(type.name)) };
    if (!isIntrospection(name)) return prepareRootField(context, selectedField(type, selection));
    const introspect = prepareIntrospection(this.#introspection, context, selection);
    return { resolve: async () => introspectionText(context, await introspect()) };
  }

  async #introspect(
    context: OperationContext,
    { query, operationName, variables }: OperationRequest & TextRequest,
    selection: RootSelection,
  ): Promise<Answer | CompressedAnswer> {
    const { responseName, nodes } = selection;
    const introspect = prepareIntrospection(this.#introspection, context, selection);
    try {
      const of = [context.catalog.revision, query, operationName, variables];
      return await introspectionAnswer(responseName, await introspect(), of);
    } catch (error) {
      const failure = fieldError(error, nodes, [responseName], context.signal, this.#options.report);
      return dataAnswer([{ name: responseName, json: undefined }], [failure], context.warnings);
    }
  }

  #subscribe(context: OperationContext, plan: Plan, { resumeFrom }: OperationRequest): OperationAnswer {
    const type = rootType(context, plan);
    const [selection] = rootSelections(context, plan);
    if (selection === undefined)
      return refusal([documentError(new GraphQLError('nothing is selected'), 'BAD_USER_INPUT')]);
    const { hub, report, clock = backgroundClock } = this.#options;
    return subscribe({ context, field: selectedField(type, selection), hub, clock, report, resumeFrom });
  }
}

function notAllowedHere(operation: string): GraphQLError {
  if (operation === 'subscription') {
    const message =
      'a subscription answers more than once: send "Accept: text/event-stream", or use a WebSocket (graphql-transport-ws). Functions have neither: `kubegraph serve` does';
    return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } } });
  }
  return new GraphQLError(`a ${operation} cannot be sent this way: use POST`, {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 405, headers: { allow: 'POST' } } },
  });
}
