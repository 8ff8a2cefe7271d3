// SPDX-License-Identifier: MIT
//
// confab for Node.js. Names are those of the C headers in camelCase; what a member or a constant
// means is said there, and beside each in build/raw.d.ts, which is made of them.
//
// Texts are UTF-8. As results they are strings, in which bytes that are no UTF-8 became U+FFFD;
// handlers that must have the very bytes (clients of old write latin1) ask for `bytes` and get
// Buffers. As arguments, strings and Uint8Arrays are the same. What passes through the engine
// unchanged stays byte for byte what it was. Ids and times are BigInts, counters are numbers.

/// <reference types="node" />
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type {
  CommandEvent,
  CommandSpec,
  ConnInfo,
  ConnOptions,
  Constants,
  ChannelInfo,
  EngineOptions,
  EngineStats,
  Event,
  Events,
  Hook,
  HookStats,
  LogRecord,
  MemberInfo,
  Outcome,
  Cause,
  Raw,
  Request,
  TimerSpec,
  UserInfo,
  UserOptions,
} from './build/raw';
export type * from './build/raw';

export type Text = string;
export type TextInput = string | Uint8Array;
type Input<T> = {
  [K in keyof T]?: T[K] extends bigint ? bigint | number : T[K] extends string ? TextInput : T[K];
};
type Lower<Prefix extends string> = Constants extends infer C
  ? { [K in keyof C]: K extends `${Prefix}_${infer Name}` ? Lowercase<Name> : never }[keyof C]
  : never;

/** What the library answered: `code` is the status's name ("CONFAB_ERR_STALE_ID"), or
 * "ERR_CONFAB_CLOSED" for an engine that is closed. Wrong types are TypeErrors. */
export class ConfabError extends Error {
  readonly status: number;
  readonly code: string;
}

// ---- answers of filters -------------------------------------------------------------------------

declare const brand: unique symbol;
export interface Pass {
  readonly [brand]: 'pass';
}
export interface Denial {
  readonly [brand]: 'deny';
}
export interface Permission {
  readonly [brand]: 'allow';
}
export interface Rewrite {
  readonly [brand]: 'rewrite';
}

/** No opinion; the same as undefined. */
export const PASS: Pass;
/** POLICY: refuses. The code says why in neutral words, and each protocol says it its own way. */
export function deny(
  details?:
    | string
    | {
        code?: Lower<'REFUSED'> | number;
        text?: TextInput;
        visibility?: 'error' | 'silent' | 'shadow' | number;
      },
): Denial;
/** OVERRIDE: lifts a denial; the reason is recorded. */
export function allow(reason?: TextInput): Permission;
/** TRANSFORM, or what a POLICY filter's promise comes to: replaces [set] members of the event. */
export function rewrite(members: Record<string, TextInput | number | bigint>): Rewrite;

/** What a filter may ask while it runs: the second parameter of those functions that have one. */
export interface FilterCall {
  original(field: string): Text;
  readonly outcome: Outcome;
  cause(index?: number): Cause | undefined;
  /** Aborted when nobody waits for the promise any more: 'expired', 'origin', 'channel', ... */
  readonly signal: AbortSignal;
}

type Maybe<T> = T | Pass | undefined | void;
export interface Answers {
  transform: Maybe<Rewrite>;
  policy: Maybe<Denial> | Promise<Maybe<Denial | Rewrite>>;
  override: Maybe<Permission>;
  observe: unknown;
}
export type Stage = keyof Answers;

export interface FilterOptions extends Partial<
  Pick<
    Hook,
    | 'name'
    | 'priority'
    | 'origins'
    | 'owner'
    | 'callUsMax'
    | 'secondUsMax'
    | 'failuresMax'
    | 'retryMs'
  >
> {
  /** Only events about this channel, user, member or connection (an id, or an info). */
  scope?: bigint | { id: bigint };
  protocols?: number;
  /** A failure counts as PASS; without it, in POLICY, as DENY. */
  failOpen?: boolean;
  /** Called and counted, and changes nothing. */
  shadow?: boolean;
  /** Only events that have a text. */
  hasText?: boolean;
  /** Texts of the event are Buffers. */
  bytes?: boolean;
  /** How long its promises may take; 0: deferralMsMax of the engine's options. */
  waitMs?: number;
}

/** A handler in an engine. */
export interface Registration {
  readonly id: bigint;
  /** At once, also inside the handler; twice is harmless. */
  remove(): void;
  /** Of filters, while they are there; throws when the engine is closed. */
  readonly stats: HookStats | undefined;
}

// ---- connections --------------------------------------------------------------------------------

/** What carries a connection's bytes. */
export interface Transport {
  /** All output of one turn; with `messages`, a list of whole messages. Answers false when it can
   * take no more until Connection.drained is called. What it throws ends the connection. */
  write(data: any): boolean | void;
  /** The engine is done with the connection. */
  end?(why: string): void;
  pause?(): void;
  resume?(): void;
}
export interface OpenOptions extends Partial<Pick<ConnOptions, 'address' | 'hostname'>> {
  secure?: boolean;
  /** Each chunk is one whole message (a WebSocket's frame). */
  messages?: boolean;
  protocol?: number | 'irc' | 'ircv3' | 'ircx' | 'mic';
  trust?: number | 'peer' | 'forwarded' | 'claimed';
}
export interface Connection {
  readonly id: bigint;
  readonly isOpen: boolean;
  readonly info: ConnInfo | undefined;
  /** False: it waits; send no more until the transport's resume(). */
  feed(bytes: TextInput): boolean;
  drained(): void;
  close(why?: TextInput): void;
  hangUp(why?: TextInput): void;
}
/** What attachWebSocket needs of a socket: those of the package ws have it. */
export interface WebSocketLike {
  readonly protocol: string;
  readonly bufferedAmount: number;
  send(data: Buffer, options: { binary: boolean }, done?: (error?: Error) => void): void;
  close(code?: number): void;
  pause(): void;
  resume(): void;
  on(event: string, listener: (...values: any[]) => void): unknown;
}

// ---- the engine ---------------------------------------------------------------------------------

export interface Options extends Omit<Input<EngineOptions>, 'now'> {
  /** The time of timers and of all that people see; default: the machine's. */
  clock?: { now(): bigint; unixNs(): bigint };
  /** What filters are measured by, in nanoseconds; default: the machine's. */
  handlerClock?: () => bigint;
  log?: (record: LogRecord) => void;
  /** Questions that only the host can answer: true grants. */
  request?: (question: Request) => boolean | Promise<boolean>;
}
type Observed<E> = E & { outcome: Outcome };
type Listeners = { [T in keyof Events]: [Observed<Events[T]>] } & {
  event: [Observed<Event>];
  filterError: [unknown, Registration | undefined];
  close: [];
};
type Info<T> = T & { id: bigint };
type Named = string | bigint | { id: bigint };
type Status = 'ok' | 'parked' | 'queued';

/** As an EventEmitter it emits events by their type ('message', 'join', ...), 'event' for all of
 * them, each after it was judged and with its `outcome`; 'filterError' when a handler failed; and
 * 'close'. They come at the end of the turn, outside the engine: there everything is allowed. */
export class Engine extends EventEmitter {
  constructor(options?: Options);
  readonly isOpen: boolean;
  /** By id, those whose sockets the engine has. */
  readonly connections: ReadonlyMap<bigint, Connection>;

  open(options: OpenOptions, transport: Transport): Connection;
  /** Undefined where a filter or a limit refused it: the socket is closed then. */
  attach(socket: Socket, options?: OpenOptions): Connection | undefined;
  attachWebSocket(socket: WebSocketLike, options?: OpenOptions): Connection | undefined;
  flush(): void;
  tick(): void;
  now(): bigint;
  /** Ends everything. Twice is harmless; inside a handler it takes effect when that returned. */
  close(): void;

  /** A POLICY filter: judges. */
  filter<T extends keyof Events>(
    type: T,
    fn: (event: Events[T], call: FilterCall) => Answers['policy'],
  ): Registration;
  filter<T extends keyof Events, S extends Stage = 'policy'>(
    type: T,
    options: FilterOptions & { stage?: S },
    fn: (event: Events[T], call: FilterCall) => Answers[S],
  ): Registration;
  /** All types but the raw lines. */
  filter<S extends Stage = 'policy'>(
    type: '*',
    options: FilterOptions & { stage?: S },
    fn: (event: Event, call: FilterCall) => Answers[S],
  ): Registration;

  /** A command of clients. What it throws, its caller hears as a failure. */
  addCommand(verb: string, fn: (event: CommandEvent, params: string[]) => unknown): Registration;
  addCommand(
    verb: string,
    options: Partial<Pick<CommandSpec, 'help' | 'paramsMin' | 'paramsMax' | 'cost'>> & {
      permission?: 'user' | 'any' | 'operator' | number;
      bytes?: boolean;
    },
    fn: (event: CommandEvent, params: string[]) => unknown,
  ): Registration;
  addTimer(
    options: Partial<Pick<TimerSpec, 'name' | 'delayMs' | 'intervalMs'>>,
    fn: () => unknown,
  ): Registration;

  /** Observed events, in a queue of their own; `lost` counts what nobody read in time. */
  events<T extends keyof Events = keyof Events>(options?: {
    types?: T[];
    limit?: number;
  }): AsyncIterableIterator<Observed<Events[T]>> & { readonly lost: number };
  /** From the engine's queue: needs eventsMax. */
  nextEvent(): (Observed<Event> & { lost: number }) | undefined;

  submit<T extends keyof Events>(
    type: T,
    members?: Omit<Input<Events[T]>, 'type' | 'actor' | 'flags'> & {
      actor?: bigint | { id: bigint };
      forced?: boolean;
    },
  ): Status;
  say(
    target: Named,
    text: TextInput,
    options?: { actor?: bigint | { id: bigint }; notice?: boolean },
  ): Status;
  notify(conn: bigint | { id: bigint }, text: TextInput): void;
  createUser(options: Input<UserOptions>): bigint;
  configure(options: Input<EngineOptions>): void;

  user(nickOrId: Named): Info<UserInfo> | undefined;
  channel(nameOrId: Named): Info<ChannelInfo> | undefined;
  member(id: bigint): Info<MemberInfo> | undefined;
  connection(id: bigint): Info<ConnInfo> | undefined;
  users(): Info<UserInfo>[];
  channels(): Info<ChannelInfo>[];
  members(channel: Named): Info<MemberInfo>[];
  stats(): EngineStats;
  metrics(): string;
  readonly deferrals: number;
  readonly handle: object;

  on<K extends keyof Listeners>(name: K, listener: (...values: Listeners[K]) => void): this;
  once<K extends keyof Listeners>(name: K, listener: (...values: Listeners[K]) => void): this;
  off<K extends keyof Listeners>(name: K, listener: (...values: Listeners[K]) => void): this;
}

/** The constants of the C headers, without CONFAB_. */
export const constants: Constants;
/** The functions of the C headers, for what the engine has no form of its own for. */
export const raw: Raw;
/** Of the library that was loaded. */
export const version: string;
