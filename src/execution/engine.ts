import { setMaxListeners } from 'node:events';
import { getVariableValues, GraphQLError, OperationTypeNode } from 'graphql';
import type { Catalogs } from '../catalog/catalog.ts';
import { Deprecations } from '../catalog/deprecations/deprecations.ts';
import type { DocumentCache } from '../catalog/document-cache.ts';
import { ExplainDocuments } from '../catalog/explain/documents.ts';
import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import { Introspection } from '../introspection/introspection.ts';
import { type Answer, type CompressedAnswer, dataAnswer, refusal, type StreamedAnswer } from './answer.ts';
import { FieldsAnswer, MAX_CONCURRENT_FIELDS } from './answer-fields.ts';
import type { ExecutionLimits, OperationContext, RunCommand } from './call.ts';
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
import type { Plan } from './plan.ts';
import { Plans } from './plans.ts';
import { type PreparedField, prepareRootField } from './root-field.ts';
import { type RootSelection, rootSelections, rootType, selectedField } from './root-selections.ts';
import { Schemas } from './schemas.ts';
import { MAX_SELECTED_FIELDS } from './selections.ts';
import type { SubscriptionAnswer } from './subscription-answer.ts';
import type { Subscriptions } from './subscriptions.ts';

type AnyRequest = OperationRequest & Partial<AnswerForms>;
type AnyAnswer = Answer | CompressedAnswer | StreamedAnswer;

/** A single answer, or for subscriptions one payload after the other. */
export type OperationAnswer = Answer | SubscriptionAnswer;

export interface EngineOptions {
  readonly upstream: Upstream;
  readonly catalogs: Catalogs;
  /** What answers subscriptions. Default: nothing, and they are refused, though the schema shows them. */
  readonly subscriptions?: Subscriptions | undefined;
  /** What runs commands in pods. Default: nothing, and they are refused, though the schema shows the field. */
  readonly runCommand?: RunCommand | undefined;
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
  /**
   * Told in words what of the schema options could not be followed, once for each state of the API server, and which
   * trusted documents do not fit the schema, once for each.
   */
  readonly warn?: (problem: string) => void;
}

const DEFAULT_LIMITS: ExecutionLimits = { maxBytes: 256 * 1024 * 1024 };

/** Executes GraphQL requests: document → plan (cached) → upstream calls → answer. */
export class Engine {
  /** What the API server has called deprecated, as far as its answers have told. */
  readonly deprecations = new Deprecations();
  /** What documents can be asked for by name. */
  readonly documents: Documents;
  readonly #options: EngineOptions;
  readonly #limits: ExecutionLimits;
  readonly #explainDocuments: ExplainDocuments;
  readonly #schemas: Schemas;
  readonly #plans: Plans;
  readonly #introspection: Introspection;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#introspection = new Introspection(options.cache);
    this.#explainDocuments = new ExplainDocuments(options.upstream);
    this.#schemas = new Schemas({ ...options, deprecations: this.deprecations });
    this.#plans = new Plans(options.catalogs, this.#schemas);
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
    return this.#schemas.of(await this.#options.catalogs.get(identity));
  }

  /** Plans the trusted documents ahead of whoever asks for them, which tells of those that do not fit the schema. */
  async planTrusted(identity: Identity): Promise<void> {
    const catalog = await this.#options.catalogs.get(identity);
    for (const documentId of this.documents.trustedNames) {
      const { text: query, planned } = this.documents.find({ documentId }, identity);
      const { result } = await this.#plans.planWith(catalog, { query, identity });
      planned('errors' in result ? result.errors : []);
    }
  }

  async #execute(asked: AnyRequest): Promise<OperationAnswer | AnyAnswer> {
    const document = asked.document ?? this.documents.find(asked, asked.identity);
    const request = { ...asked, query: document.text };
    const { catalog, schema, result } = await this.#plans.plan(request);
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
      runCommand: this.#options.runCommand,
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
    const { subscriptions, report } = this.#options;
    if (subscriptions === undefined) return refusal([notAllowedHere('subscription')]);
    const type = rootType(context, plan);
    const [selection] = rootSelections(context, plan);
    if (selection === undefined)
      return refusal([documentError(new GraphQLError('nothing is selected'), 'BAD_USER_INPUT')]);
    return subscriptions.subscribe({ context, field: selectedField(type, selection), report, resumeFrom });
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
