import type { operations } from "@octokit/openapi-types";
import type { Needs } from "../auth/authorize.ts";
import type { Identity } from "../auth/identity.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";

export type OperationId = keyof operations;

/** GitHub's ids are large integers to the description, numbers here. */
type Numbers<T> = { [K in keyof T]: Exclude<T[K], bigint> };
type Path<Id extends OperationId> = operations[Id] extends { parameters: { path: infer P } } ? Numbers<P> : Record<string, never>;
type Query<Id extends OperationId> = operations[Id] extends { parameters: { query?: infer Q } }
  ? Numbers<NonNullable<Q>>
  : Record<string, never>;
type Body<Id extends OperationId> = operations[Id] extends { requestBody?: { content: { "application/json": infer B } } } ? B : undefined;

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes in another form than JSON: a diff, a raw file. */
  readonly raw?: { readonly type: string; readonly content: string | Buffer };
}

/** A call that was understood and allowed. */
export interface AnyCall {
  readonly world: World;
  readonly identity: Identity;
  readonly params: object;
  readonly query: object;
  readonly body: unknown;
  /** As it was asked, with its query: links to further pages are made of it. */
  readonly url: URL;
  readonly accept: string;
}

interface OfRepository {
  readonly repository: Repository;
  readonly author: () => Author;
}

/** A call of one operation: it agrees with GitHub's description, so its types come from there. */
interface Of<Id extends OperationId> {
  readonly params: Path<Id>;
  readonly query: Query<Id>;
  readonly body: Body<Id>;
}

type Handler<C> = (call: C) => Answer | Promise<Answer>;

/** Who may call an endpoint that belongs to no repository. */
export type Caller = "anybody" | "person" | "app" | "installation";

export type Endpoint =
  | { readonly id: OperationId; readonly caller: Caller; readonly handle: Handler<AnyCall> }
  | { readonly id: OperationId; readonly needs: Needs; readonly handle: Handler<AnyCall & OfRepository> };

/** An endpoint of a repository. What it needs stands first: it is judged before the handler sees the call. */
export function onRepository<Id extends OperationId>(id: Id, needs: Needs, handle: Handler<AnyCall & OfRepository & Of<Id>>): Endpoint {
  // The router hands each handler only calls of its own operation, checked against the description.
  return { id, needs, handle: handle as Handler<AnyCall & OfRepository> };
}

export function general<Id extends OperationId>(id: Id, caller: Caller, handle: Handler<AnyCall & Of<Id>>): Endpoint {
  return { id, caller, handle: handle as Handler<AnyCall> };
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent: Answer = { status: 204 };
