// SPDX-License-Identifier: MIT
//
// The functions that an engine calls: filters, observers, commands, timers, each under a number
// that the addon knows it by. They live here and not in the addon, so that the collector sees them.
'use strict';
const { raw, constants } = require('./native');
const { whileThere } = require('./queries');
const verdict = require('./verdict');

/** What a filter may ask while it runs; afterwards only its signal is of use. */
class FilterCall {
  #handle;
  #live = true;
  #controller;

  constructor(handle) {
    this.#handle = handle;
  }
  #check() {
    if (!this.#live) throw new TypeError('only inside the handler, before it returns or waits');
  }
  /** The text as the client said it, before any handler. */
  original(field) {
    this.#check();
    const number = constants[`FIELD_${String(field).toUpperCase()}`];
    if (number === undefined) throw new TypeError(`no field ${String(field)}`);
    return raw.callOriginal(this.#handle, number)[0];
  }
  /** In OVERRIDE: how it was denied; in OBSERVE: how it ended. */
  get outcome() {
    this.#check();
    return raw.callOutcome(this.#handle);
  }
  /** Link number `index` of the chain of causes, or undefined. */
  cause(index = 0) {
    this.#check();
    return raw.callCause(this.#handle, index);
  }
  /** Aborted when nobody waits for the answer any more; `reason` says why. */
  get signal() {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }
  end() {
    this.#live = false;
    this.#handle = undefined; // a program may keep this for long
  }
  abort(why) {
    this.#controller?.abort(why);
  }
}

const isPromise = (value) =>
  value !== null && typeof value === 'object' && typeof value.then === 'function';
const WHY = ['', 'expired', 'origin', 'channel', 'removed', 'verdict', 'engine'];

class Handlers {
  #engine;
  #handle;
  #byNumber = new Map();
  #next = 1;
  #waiting = new Map(); // token: the handler and the call whose promise it is
  depth = 0; // of handlers that run now

  constructor(engine, handle) {
    this.#engine = engine;
    this.#handle = handle;
    handle.onHook = (number, event) => this.#inside(number, (h) => this.#hook(h, event));
    handle.onCommand = (number, event) => this.#inside(number, (h) => this.#command(h, event));
    handle.onTimer = (number) => this.#inside(number, (h) => this.#watch(h.run(), h));
    handle.onCancelled = (token, why) => this.#cancelled(token, WHY[why] ?? 'unknown');
    handle.onError = (number, error) => engine.failed(error, this.#byNumber.get(number)?.owner);
  }

  /** The number for a handler: { run, stage, failOpen, waitMs, owner }. */
  add(handler) {
    this.#byNumber.set(this.#next, handler);
    return this.#next++;
  }
  forget(number) {
    this.#byNumber.delete(number);
  }
  /** The engine is gone: so are its questions. */
  clear() {
    for (const { call } of this.#waiting.values()) call?.abort('engine');
    this.#waiting.clear();
    this.#byNumber.clear();
  }
  get waiting() {
    return this.#waiting.size;
  }

  #inside(number, run) {
    const handler = this.#byNumber.get(number);
    if (!handler) return constants.PASS; // removed in this very call
    this.depth++;
    try {
      return run(handler);
    } finally {
      this.depth--;
    }
  }

  #hook(handler, event) {
    if (handler.stage === constants.STAGE_OBSERVE) {
      event.outcome = raw.callOutcome(this.#handle);
      this.#watch(handler.run(event), handler);
      return constants.PASS;
    }
    const call = handler.run.length > 1 ? new FilterCall(this.#handle) : undefined;
    try {
      const answer = handler.run(event, call);
      if (isPromise(answer)) return this.#defer(handler, answer, call);
      return this.#engine.isOpen
        ? verdict.give(this.#handle, handler.stage, answer)
        : constants.PASS;
    } finally {
      call?.end();
    }
  }

  #defer(handler, promise, call) {
    let token;
    try {
      if (handler.stage !== constants.STAGE_POLICY) {
        throw new TypeError('a filter answered a promise, which only POLICY can wait for');
      }
      token = raw.callDefer(this.#handle, handler.waitMs);
    } catch (error) {
      promise.then(undefined, () => {}); // nobody will hear of it
      if (error.status !== constants.ERR_LIMIT) throw error;
      raw.callDeny(this.#handle, constants.REFUSED_BUSY, '', constants.DENIAL_ERROR);
      return constants.DENY;
    }
    this.#waiting.set(token, { handler, call });
    // A promise that never settles must not keep an engine that nobody else holds.
    const weak = new WeakRef(this);
    promise.then(
      (answer) => weak.deref()?.#answered(token, answer),
      (error) => weak.deref()?.#rejected(token, error),
    );
    return constants.DEFER;
  }

  #answered(token, answer) {
    if (!this.#waiting.has(token) || !this.#engine.isOpen) return;
    try {
      verdict.resolve(this.#handle, token, answer);
      this.#waiting.delete(token);
      this.#engine.wake();
    } catch (error) {
      this.#rejected(token, error);
    }
  }

  // The filter failed: its own policy decides, as for those that throw at once.
  #rejected(token, error) {
    const { handler } = this.#waiting.get(token) ?? {};
    if (!handler || !this.#engine.isOpen) return;
    this.#waiting.delete(token);
    this.#engine.failed(error, handler.owner);
    const [answer, code] = handler.failOpen
      ? [constants.PASS, 0]
      : [constants.DENY, constants.REFUSED_FAILED];
    whileThere(() => raw.deferralResolve(this.#handle, token, answer, code, '', 0));
    this.#engine.wake();
  }

  #cancelled(token, why) {
    const waiting = this.#waiting.get(token);
    this.#waiting.delete(token);
    waiting?.call?.abort(why);
  }

  #command(handler, event) {
    const params = event.params === 0 ? [] : event.text.toString().split('\n');
    this.#watch(handler.run(event, params), handler);
    return constants.PASS;
  }

  // Whose promise nobody waits for: its failure is still told.
  #watch(answer, handler) {
    if (isPromise(answer)) {
      answer.then(undefined, (error) => this.#engine.failed(error, handler.owner));
    }
    return constants.PASS;
  }
}

exports.Handlers = Handlers;
