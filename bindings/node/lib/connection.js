// SPDX-License-Identifier: MIT
//
// One connection: what the engine calls a session's transport. The socket belongs to the program;
// this passes its bytes in, and the engine's out, and keeps both sides' backpressure: input that
// the engine does not take yet pauses the socket, a socket that is full leaves output in the engine.
'use strict';
const { raw } = require('./native');

class Connection {
  #engine;
  #handle;
  #transport;
  #rest = []; // input that the engine did not take yet
  #open = true;

  /** Made by Engine.open; `transport` has write(), and may have end(), pause() and resume(). */
  constructor(engine, handle, id, transport) {
    this.#engine = engine;
    this.#handle = handle;
    this.#transport = transport;
    this.id = id;
  }

  /** False once either side has ended it. */
  get isOpen() {
    return this.#open && this.#engine.isOpen;
  }

  /** Its addresses, state, protocol and backlogs (confab_conn_info); undefined once it is gone. */
  get info() {
    return this.isOpen ? raw.connGet(this.#handle, this.id) : undefined;
  }

  /** Bytes from the peer (with `messages`: one whole message). False: it waits, send no more. */
  feed(bytes) {
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    if (!(chunk instanceof Uint8Array)) throw new TypeError('feed takes a string or a Uint8Array');
    if (this.#rest.length > 0) {
      this.#rest.push(chunk);
      return false;
    }
    const taken = raw.connFeed(this.#handle, this.id, this.#engine.now(), chunk);
    this.#engine.wake();
    if (taken === chunk.length) return true;
    // A copy: the caller may use its buffer again.
    this.#rest.push(Buffer.from(chunk.subarray(taken)));
    this.#engine.waiting.add(this);
    this.#transport.pause?.();
    return false;
  }

  /** Offers what waited again. Called by the engine, when time went on. */
  retry() {
    while (this.#open && this.#rest.length > 0) {
      const chunk = this.#rest[0];
      if (raw.connInputWanted(this.#handle, this.id) !== 0) return;
      const taken = raw.connFeed(this.#handle, this.id, this.#engine.now(), chunk);
      this.#engine.wake();
      if (taken < chunk.length) {
        this.#rest[0] = chunk.subarray(taken);
        return;
      }
      this.#rest.shift();
    }
    this.#engine.waiting.delete(this);
    if (this.#open) this.#transport.resume?.();
  }

  /** The socket can take more (its "drain"). */
  drained() {
    raw.connPause(this.#handle, this.id, false);
    raw.connWritable(this.#handle, this.id);
    this.#engine.wake();
  }

  /** The server ends it: others see `why`, the client is told, and end() follows. */
  close(why = '') {
    raw.connClose(this.#handle, this.id, this.#engine.now(), why);
    this.#engine.wake();
  }

  /** The socket is gone. */
  hangUp(why = '') {
    raw.connClosed(this.#handle, this.id, this.#engine.now(), why);
    this.#open = false;
    this.#forget();
    this.#engine.wake();
  }

  /** Output, from the engine's flush. */
  write(data) {
    if (!this.#open) return;
    let more;
    try {
      more = this.#transport.write(data);
    } catch (error) {
      this.#broken(error);
      return;
    }
    if (more === false && this.#engine.isOpen) raw.connPause(this.#handle, this.id, true);
  }

  /** The engine is done with it, from its flush. */
  ended(why) {
    if (!this.#open) return;
    this.#open = false;
    this.#forget();
    this.#transport.end?.(why);
  }

  // What could not be written is lost, so the connection cannot go on.
  #broken(error) {
    if (this.isOpen) this.hangUp('Write error');
    this.#engine.failed(error, undefined);
    this.#transport.end?.('Write error');
  }

  #forget() {
    this.#rest = [];
    this.#engine.waiting.delete(this);
    this.#engine.connections.delete(this.id);
  }
}

exports.Connection = Connection;
