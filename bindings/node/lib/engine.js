// SPDX-License-Identifier: MIT
//
// The engine, driven by Node's event loop: whatever is fed in one turn of the loop is flushed once,
// at the end of that turn, in one write per connection; a timer ticks it when something is due.
//
// Filters run inside the engine (they judge). Events of the EventEmitter and of events() come after
// the turn's flush, outside of it: there everything is allowed.
'use strict';
const { raw, constants, constant, check, structOfType, typeNumber, types } = require('./native');
const { Connection } = require('./connection');
const { EventStream } = require('./stream');
const { Handlers } = require('./handlers');
const { Queries, idOf, whileThere } = require('./queries');
const sockets = require('./sockets');

const NEVER = 0xffff_ffff_ffff_ffffn;
const STATUS = ['ok', 'again', 'parked', 'queued', 'end'];
const OWN = ['clock', 'handlerClock', 'log', 'request'];
const systemClock = {
  now: () => process.hrtime.bigint(),
  unixNs: () => BigInt(Date.now()) * 1_000_000n,
};

// The timer of an engine that was dropped goes with it.
const alarms = new FinalizationRegistry((alarm) => clearTimeout(alarm.timer));

/** What filter() and the add functions give: a handler in an engine. */
class Registration {
  #remove;
  #stats;
  constructor(id, remove, stats) {
    this.id = id;
    this.#remove = remove;
    this.#stats = stats;
  }
  /** Takes effect at once, also inside the handler itself; twice is harmless. */
  remove() {
    this.#remove();
  }
  /** Counters and times (confab_hook_stats); undefined once it is removed. */
  get stats() {
    return this.#stats?.();
  }
}

class Engine extends Queries {
  #clock;
  #handlers;
  #isOpen = true;
  #woken = false;
  #alarm = { timer: undefined };
  #due = NEVER;
  #observed = []; // [name, ...arguments] to emit
  #observers = new Map(); // type: its Registration
  #streams = new Set();
  connections = new Map(); // id: Connection
  waiting = new Set(); // connections whose input waits

  constructor(options = {}) {
    super();
    check('engine_options', options, ...OWN);
    const { clock = systemClock, handlerClock, log, request, ...rest } = options;
    this.#clock = clock;
    alarms.register(this, this.#alarm);
    this.handlers = new Handlers(this, this.handle);
    if (handlerClock) this.handle.onClock = handlerClock;
    if (log) this.handle.onLog = log;
    if (request) this.handle.onRequest = (question) => this.#ask(request, question);
    raw.engineCreate(this.handle, { unixNs: clock.unixNs(), ...rest, now: clock.now() });
    this.on('newListener', (name) => this.#listen(name));
    this.on('removeListener', (name) => this.#unlisten(name));
  }

  get isOpen() {
    return this.#isOpen;
  }
  now() {
    return this.#clock.now();
  }

  // ---- driving ----------------------------------------------------------------------------------

  /** A connection over a transport of your own: write(data), and maybe end, pause, resume. */
  open(options, transport) {
    const { messages, secure, protocol = 0, trust = 0, ...rest } = options;
    check('conn_options', rest);
    if (typeof transport?.write !== 'function') throw new TypeError('a transport has write()');
    const flags = (messages ? constants.CONN_MESSAGES : 0) | (secure ? constants.CONN_SECURE : 0);
    const id = raw.connOpen(
      this.handle,
      {
        ...rest,
        flags,
        protocol: constant('PROTOCOL', protocol),
        trust: constant('TRUST', trust),
      },
      this.now(),
    );
    const conn = new Connection(this, this.handle, id, transport);
    this.connections.set(id, conn);
    this.wake();
    return conn;
  }
  /** A net or tls socket. Undefined where the engine refuses it; the socket is closed then. */
  attach(socket, options) {
    return sockets.attach(this, socket, options);
  }
  /** A WebSocket of the package ws; as attach. */
  attachWebSocket(socket, options) {
    return sockets.attachWebSocket(this, socket, options);
  }

  /** Makes sure that this turn of the loop ends with a flush. */
  wake() {
    if (this.#woken || !this.#isOpen) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      if (this.#isOpen) this.flush();
    });
  }

  /** Hands out everything that waits, now. The loop does this by itself. */
  flush() {
    for (const conn of [...this.waiting]) conn.retry();
    raw.engineFlush(this.handle);
    this.#deliver();
    this.#emit();
    if (this.#isOpen) this.#arm();
  }

  /** Runs what is due by the clock. The loop does this by itself. */
  tick() {
    raw.engineTick(this.handle, this.now());
    this.wake();
  }

  /** Ends the engine and its connections. Twice is harmless; inside a handler it ends when the
   * outermost call into the engine returns. */
  close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#alarm.timer);
    raw.engineDestroy(this.handle);
    if (this.handlers.depth > 0) setImmediate(() => this.#finish());
    else this.#finish();
  }
  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    this.close();
  }

  #finish() {
    this.#deliver();
    for (const conn of [...this.connections.values()]) conn.ended('');
    this.#emit();
    this.handlers.clear();
    this.#observers.clear();
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
    this.emit('close');
    this.removeAllListeners();
  }

  #deliver() {
    const taken = raw.take(this.handle);
    if (!taken) return;
    const [output, closed, released] = taken;
    for (let i = 0; i < output.length; i += 2)
      this.connections.get(output[i])?.write(output[i + 1]);
    for (let i = 0; i < closed.length; i += 2)
      this.connections.get(closed[i])?.ended(closed[i + 1]);
    for (const number of released) this.handlers.forget(number);
  }

  // A listener that throws stops neither the others nor the engine: the process hears of it.
  #emit() {
    const observed = this.#observed;
    if (observed.length === 0) return;
    this.#observed = [];
    for (const [to, ...values] of observed) {
      try {
        if (typeof to === 'string') this.emit(to, ...values);
        else to.push(...values);
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }

  // The timer does not keep an engine alive that nobody holds, nor a process without sockets.
  #arm() {
    const due = raw.engineDeadline(this.handle);
    if (due === this.#due) return;
    this.#due = due;
    clearTimeout(this.#alarm.timer);
    if (due === NEVER) return;
    const weak = new WeakRef(this);
    const ms = Math.min(Math.max(0, Math.ceil(Number(due - this.now()) / 1e6)), 0x7fff_ffff);
    this.#alarm.timer = setTimeout(() => weak.deref()?.ring(), ms).unref();
  }
  /** The timer's: not for programs. */
  ring() {
    this.#due = NEVER;
    if (this.#isOpen) this.tick();
  }

  // ---- handlers ---------------------------------------------------------------------------------

  /** filter(type, fn) or filter(type, options, fn): see index.d.ts. */
  filter(type, options, fn) {
    if (typeof options === 'function') return this.filter(type, {}, options);
    if (typeof fn !== 'function') throw new TypeError('a filter is a function');
    const {
      failOpen = false,
      shadow = false,
      hasText = false,
      bytes = false,
      waitMs = 0,
      stage = 'policy',
      protocols = 0,
      ...rest
    } = options;
    check('hook', rest);
    const number = constant('STAGE', stage);
    return this.#hook(
      {
        ...rest,
        type: type === '*' ? 0 : typeNumber(type),
        stage: number,
        protocols: constant('PROTOCOL', protocols),
        flags:
          (failOpen ? constants.HOOK_FAIL_OPEN : 0) |
          (shadow ? constants.HOOK_SHADOW : 0) |
          (hasText ? constants.HOOK_HAS_TEXT : 0),
        scope: idOf(rest.scope) ?? 0,
      },
      { run: fn, stage: number, failOpen, waitMs },
      bytes,
    );
  }

  #hook(spec, handler, bytes) {
    const number = this.handlers.add(handler);
    const id = this.#adding(number, () => raw.hookAdd(this.handle, spec, number, bytes));
    handler.owner = new Registration(
      id,
      () => this.#remove(number, id, raw.hookRemove),
      () => whileThere(() => raw.hookStatsGet(this.handle, id)),
    );
    return handler.owner;
  }

  /** A command for clients: fn(event, params). */
  addCommand(verb, options, fn) {
    if (typeof options === 'function') return this.addCommand(verb, {}, options);
    if (typeof fn !== 'function') throw new TypeError('a command is a function');
    const { permission = 'user', bytes = false, ...rest } = options;
    check('command_spec', rest);
    return this.#addition(
      raw.commandAdd,
      {
        paramsMax: constants.PARAMS_MAX,
        ...rest,
        verb,
        permission: constant('PERMIT', permission),
      },
      { run: fn },
      bytes,
    );
  }
  /** A timer of the engine's time: fn() after `delayMs`, then every `intervalMs` (0: once). */
  addTimer(options, fn) {
    check('timer_spec', options);
    if (typeof fn !== 'function') throw new TypeError('a timer has a function');
    return this.#addition(raw.timerAdd, options, { run: fn }, false);
  }
  #addition(add, spec, handler, bytes) {
    const number = this.handlers.add(handler);
    const id = this.#adding(number, () => add(this.handle, spec, number, bytes));
    handler.owner = new Registration(id, () => this.#remove(number, id, raw.additionRemove));
    this.wake();
    return handler.owner;
  }
  #adding(number, add) {
    try {
      return add();
    } catch (error) {
      this.handlers.forget(number);
      throw error;
    }
  }
  #remove(number, id, remove) {
    if (!this.#isOpen) return;
    whileThere(() => remove(this.handle, id));
    this.handlers.forget(number);
    this.wake();
  }

  /** A handler failed: told as the event "filterError", or else as a warning of the process. */
  failed(error, filter) {
    this.#observed.push(['filterError', error, filter]);
    if (this.listenerCount('filterError') === 0) {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    }
    this.wake();
  }

  // ---- events -----------------------------------------------------------------------------------

  #listen(name) {
    if ((name !== 'event' && !types.includes(name)) || this.#observers.has(name)) return;
    this.#observers.set(name, this.#observe(name === 'event' ? 0 : typeNumber(name), name, name));
  }
  #unlisten(name) {
    if (this.listenerCount(name) > 0 || !this.#observers.has(name)) return;
    this.#observers.get(name).remove();
    this.#observers.delete(name);
  }
  #observe(type, to, name) {
    const stage = constants.STAGE_OBSERVE;
    const run = (event) => {
      this.#observed.push([to, event]);
      this.wake();
    };
    return this.#hook({ type, stage, name: `node ${name}` }, { run, stage }, false);
  }

  /** Observed events: `for await (const event of engine.events())`. */
  events({ types: wanted, limit = 1024 } = {}) {
    const hooks = [];
    const stream = new EventStream(limit, () => {
      for (const hook of hooks) hook.remove();
      this.#streams.delete(stream);
    });
    for (const name of wanted ?? ['*']) {
      hooks.push(this.#observe(name === '*' ? 0 : typeNumber(name), stream, 'events'));
    }
    this.#streams.add(stream);
    return stream;
  }
  /** The oldest event of the engine's own queue (needs eventsMax), or undefined. */
  nextEvent() {
    const next = raw.eventNext(this.handle);
    if (!next) return undefined;
    const [event, outcome, lost] = next;
    return Object.assign(event, { outcome, lost });
  }

  // ---- acts -------------------------------------------------------------------------------------

  /** Submits a command: 'ok', 'parked', or inside a handler 'queued'. */
  submit(type, members = {}) {
    const number = typeNumber(type);
    const { actor = 0n, forced = false, ...rest } = members;
    check(structOfType[type], rest);
    const [status] = raw.commandSubmit(this.handle, {
      ...rest,
      type: number,
      actor: idOf(actor),
      flags: forced ? constants.EVENT_FORCED : 0,
    });
    this.wake();
    return STATUS[status];
  }
  /** Says something to a channel or user (an id, or its name). */
  say(target, text, { actor, notice = false } = {}) {
    const whom = typeof target === 'string' ? { name: target } : { target: idOf(target) };
    const kind = notice ? constants.MESSAGE_NOTICE : constants.MESSAGE_PRIVMSG;
    return this.submit('message', { ...whom, actor, kind, text });
  }
  /** Tells one connection something, in its own protocol. */
  notify(conn, text) {
    raw.replyNotice(this.handle, idOf(conn), text);
    this.wake();
  }
  /** A user without a connection: its id. */
  createUser(options) {
    check('user_options', options);
    return raw.userCreate(this.handle, options);
  }
  /** New options for a running engine (a rehash): all of them, as for the constructor. */
  configure(options) {
    check('engine_options', options);
    raw.engineConfigure(this.handle, options);
  }

  #ask(request, question) {
    const { id } = question;
    const answer = request(question);
    if (answer === null || typeof answer !== 'object') {
      return answer === true ? constants.OK : constants.ERR_DENIED;
    }
    const settle = (granted) => {
      if (!this.#isOpen) return;
      const status = granted === true ? constants.OK : constants.ERR_DENIED;
      whileThere(() => raw.requestResolve(this.handle, id, status, ''));
      this.wake();
    };
    answer.then(settle, (error) => {
      this.failed(error, undefined);
      settle(false);
    });
    return constants.PARKED;
  }

  /** How many promises of filters the engine waits for. */
  get deferrals() {
    return this.handlers.waiting;
  }
}

exports.Engine = Engine;
