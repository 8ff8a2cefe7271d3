// SPDX-License-Identifier: MIT
//
// What is there now: users, channels, members, connections, figures. All of it is read from the
// engine at the time of the call, and is legal everywhere, filters included.
'use strict';
const { EventEmitter } = require('events');
const { raw, constants } = require('./native');

const idOf = (thing) => (typeof thing === 'object' && thing !== null ? thing.id : thing);

/** What a query of an id gives, or undefined when that is gone. */
function whileThere(query) {
  try {
    return query();
  } catch (error) {
    if (error.status !== constants.ERR_STALE_ID) throw error;
    return undefined;
  }
}

/** The part of Engine that only reads. */
class Queries extends EventEmitter {
  constructor() {
    super();
    // What the addon knows the engine by; for the functions of `raw`, too.
    Object.defineProperty(this, 'handle', { value: {}, enumerable: false });
  }

  #info(thing, find, get) {
    const id = typeof thing === 'string' ? find(this.handle, thing) : idOf(thing);
    if (id === undefined) return undefined;
    return whileThere(() => Object.assign(get(this.handle, id), { id }));
  }
  #walk(next, get, ...about) {
    const found = [];
    let id = next(this.handle, ...about, 0n);
    for (; id !== undefined; id = next(this.handle, ...about, id)) {
      found.push(Object.assign(get(this.handle, id), { id }));
    }
    return found;
  }
  /** A user by nick or id, or undefined; likewise a channel, a member, a connection. */
  user(nickOrId) {
    return this.#info(nickOrId, raw.userFind, raw.userGet);
  }
  channel(nameOrId) {
    return this.#info(nameOrId, raw.channelFind, raw.channelGet);
  }
  member(id) {
    return this.#info(id, undefined, raw.memberGet);
  }
  connection(id) {
    return this.#info(id, undefined, raw.connGet);
  }
  users() {
    return this.#walk(raw.userNext, raw.userGet);
  }
  channels() {
    return this.#walk(raw.channelNext, raw.channelGet);
  }
  /** The members of a channel (its name, id or info). */
  members(channel) {
    const id = typeof channel === 'string' ? raw.channelFind(this.handle, channel) : idOf(channel);
    return id === undefined ? [] : this.#walk(raw.channelMemberNext, raw.memberGet, id);
  }
  /** Figures of the engine (confab_engine_stats). */
  stats() {
    return raw.engineStatsGet(this.handle);
  }
  /** All figures in the text format of Prometheus. */
  metrics() {
    return raw.metricsText(this.handle);
  }
}

module.exports = { Queries, idOf, whileThere };
