import { setMaxListeners } from 'node:events';
import {
  type FieldNode,
  getVariableValues,
  GraphQLError,
  type GraphQLObjectType,
  OperationTypeNode,
} from 'graphql';
import type { Catalog, Catalogs } from '../catalog/catalog.ts';
import type { Identity } from '../cluster/identity.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { GatewaySchema } from '../mapping/gateway-schema.ts';
import { mapConcurrently } from '../util/concurrency.ts';
import { Lru } from '../util/lru.ts';
import { within } from '../util/within.ts';
import type { WatchHub } from '../watch/hub.ts';
import { type Answer, dataAnswer, refusal } from './answer.ts';
import type { ExecutionLimits, OperationContext } from './call.ts';
import { documentError, fieldError, type ReportDefect, requestError } from './graphql-errors.ts';
import { checkIntrospection, Introspection, onlyField } from './introspection.ts';
import { type JsonMember, jsonOf } from './json-parts.ts';
import { type Plan, planDocument, type PlanResult } from './plan.ts';
import { prepareRootField, type ResolveField, type SelectedField } from './root-field.ts';
import { collectFields, MAX_SELECTED_FIELDS, type SelectionContext } from './selections.ts';
import { subscribeToResource } from './subscribe.ts';

/** One GraphQL request, however it came in. */
export interface OperationRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly identity: Identity;
  /** Aborted when the client goes away; every call upstream ends with it. */
  readonly signal: AbortSignal;
  /** Which operations this way in allows. A GET must not change anything. Default: all. */
  readonly allow?: readonly `${OperationTypeNode}`[] | undefined;
}

/** A single answer, or for subscriptions one after the other. */
export type OperationAnswer = Answer | AsyncGenerator<Answer, void, void>;

export interface EngineOptions {
  readonly upstream: Upstream;
  readonly catalogs: Catalogs;
  readonly hub: WatchHub;
  readonly limits?: Partial<ExecutionLimits>;
  readonly report: ReportDefect;
}

const DEFAULT_LIMITS: ExecutionLimits = { maxListItems: 50_000, maxBytes: 256 * 1024 * 1024 };

/** Plans kept for each schema. They are small: the document's tree. */
const MAX_PLANS = 1_000;

/** Query fields that are under way at the same time: one document shall not flood the API server. */
const MAX_CONCURRENT_FIELDS = 10;

/** How long a document with an unknown name waits for a look at what the API server serves now. */
const MAX_REFRESH_WAIT_MS = 1_000;

/** Schemas kept: one for each state of the API server that somebody still sees. */
const MAX_SCHEMAS = 4;

/** Executes GraphQL requests: document → plan (cached) → upstream calls → answer. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #limits: ExecutionLimits;
  readonly #schemas = new Lru<string, GatewaySchema>({ maxWeight: MAX_SCHEMAS });
  /** By schema, which has been prepared for them: one that was dropped and made again knows nothing of them. */
  readonly #plans = new WeakMap<GatewaySchema, Lru<string, Plan>>();
  readonly #introspection = new Introspection();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /** Never rejects: what goes wrong is in the answer. */
  async execute(request: OperationRequest): Promise<OperationAnswer> {
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

  async #execute(request: OperationRequest): Promise<OperationAnswer> {
    const { catalog, schema, result } = await this.#plan(request);
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
      upstream: this.#options.upstream,
      identity: request.identity,
      signal: request.signal,
      catalog,
      schema,
      selection: {
        fragments: plan.fragments,
        variables: variables.coerced,
        compiled: plan.compiled,
        budget: { left: MAX_SELECTED_FIELDS },
      },
      limits: this.#limits,
      memory: { left: this.#limits.maxBytes },
      warnings: [],
    };
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return this.#subscribe(context, plan);
    return this.#answer(context, plan, request);
  }

  /** A document that does not fit may name what has just been installed: look again, once, before refusing it. */
  async #plan(
    request: OperationRequest,
  ): Promise<{ catalog: Catalog; schema: GatewaySchema; result: PlanResult }> {
    const { catalogs } = this.#options;
    const catalog = await catalogs.get(request.identity);
    const first = await this.#planWith(catalog, request);
    if ('plan' in first.result || !isUnknownName(first.result.errors)) return first;
    // A misspelt name must not wait for an API server that hangs; the catalogue is then read behind the answer.
    const fresh = await within(MAX_REFRESH_WAIT_MS, catalogs.refresh(request.identity));
    return fresh === undefined || fresh.revision === catalog.revision
      ? first
      : this.#planWith(fresh, request);
  }

  async #planWith(
    catalog: Catalog,
    request: OperationRequest,
  ): Promise<{ catalog: Catalog; schema: GatewaySchema; result: PlanResult }> {
    const schema = this.#schemaOf(catalog);
    // Some clients send an empty name where they mean none.
    const operationName = request.operationName || undefined;
    const key = `${operationName ?? ''}\n${request.query}`;
    const plans = this.#plans.get(schema);
    const known = plans?.get(key);
    if (known !== undefined) return { catalog, schema, result: { plan: known } };
    const result = await planDocument(schema, request.identity, request.query, operationName);
    if ('plan' in result) plans?.set(key, result.plan);
    return { catalog, schema, result };
  }

  #schemaOf(catalog: Catalog): GatewaySchema {
    const known = this.#schemas.get(catalog.revision);
    if (known !== undefined) return known;
    const schema = new GatewaySchema(catalog);
    this.#schemas.set(catalog.revision, schema);
    this.#plans.set(schema, new Lru({ maxWeight: MAX_PLANS }));
    return schema;
  }

  async #answer(context: OperationContext, plan: Plan, request: OperationRequest): Promise<Answer> {
    const errors: GraphQLError[] = [];
    // All of it is compiled before the first call: what cannot be answered must not have changed anything.
    const fields = rootSelections(context.selection, rootType(context, plan), plan).map((selection) => ({
      selection,
      resolve: this.#prepare(context, plan, request, selection),
    }));
    const answerField = async ({ selection, resolve }: (typeof fields)[number]): Promise<JsonMember> => {
      const { responseName, nodes } = selection;
      try {
        return { name: responseName, json: await resolve() };
      } catch (error) {
        errors.push(fieldError(error, nodes, [responseName], context.signal, this.#options.report));
        return { name: responseName, json: undefined };
      }
    };
    const isMutation = plan.operation.operation === OperationTypeNode.MUTATION;
    const members = await mapConcurrently(fields, isMutation ? 1 : MAX_CONCURRENT_FIELDS, answerField);
    return dataAnswer(members, errors, context.warnings);
  }

  #prepare(
    context: OperationContext,
    plan: Plan,
    request: OperationRequest,
    selection: RootSelection,
  ): ResolveField {
    const { responseName, name, nodes } = selection;
    const type = rootType(context, plan);
    if (name === '__typename') return () => Promise.resolve(jsonOf(type.name));
    if (name !== '__schema' && name !== '__type')
      return prepareRootField(context, selectedField(type, selection));
    const { query, operationName, variables } = request;
    const key = JSON.stringify([context.catalog.revision, responseName, operationName, query, variables]);
    const document = onlyField(plan.operation, nodes, plan.fragments.values());
    checkIntrospection(document);
    return () => this.#introspection.answer(key, context.schema, context.identity, document, variables ?? {});
  }

  #subscribe(context: OperationContext, plan: Plan): OperationAnswer {
    const type = rootType(context, plan);
    const [selection] = rootSelections(context.selection, type, plan);
    if (selection === undefined)
      return refusal([documentError(new GraphQLError('nothing is selected'), 'BAD_USER_INPUT')]);
    const field = selectedField(type, selection);
    const binding = field.definition.extensions.root;
    if (binding?.kind !== 'resource')
      throw new Error(`the subscription ${selection.name} is bound to nothing`);
    const toError = (error: unknown): GraphQLError =>
      fieldError(error, field.nodes, [field.responseName], context.signal, this.#options.report);
    return subscribeToResource(context, this.#options.hub, field, binding.resource, toError);
  }
}

interface RootSelection {
  readonly responseName: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
}

function rootSelections(
  selection: SelectionContext,
  type: GraphQLObjectType,
  plan: Plan,
): readonly RootSelection[] {
  return [...collectFields(selection, type, [plan.operation.selectionSet])].map(([responseName, nodes]) => ({
    responseName,
    name: (nodes[0] as FieldNode).name.value,
    nodes,
  }));
}

function rootType(context: OperationContext, plan: Plan): GraphQLObjectType {
  // Validation has refused operations that the schema has no root for.
  return context.schema.schema.getRootType(plan.operation.operation) as GraphQLObjectType;
}

function selectedField(type: GraphQLObjectType, { responseName, name, nodes }: RootSelection): SelectedField {
  const definition = type.getFields()[name];
  if (definition === undefined) throw new Error(`no field ${type.name}.${name}`);
  return { responseName, definition, nodes };
}

/** Whether a refusal might be down to a name that the schema does not have yet. */
function isUnknownName(errors: readonly GraphQLError[]): boolean {
  return errors.some((error) =>
    /^(?:Cannot query field|Unknown type|Unknown argument|Field ".*" is not defined)/.test(error.message),
  );
}

function notAllowedHere(operation: string): GraphQLError {
  if (operation === 'subscription') {
    const message =
      'this way in answers once: subscriptions need one that streams, such as `kubegraph serve`';
    return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
  }
  return new GraphQLError(`a ${operation} cannot be sent this way: use POST`, {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 405, headers: { allow: 'POST' } } },
  });
}
