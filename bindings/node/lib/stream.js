// SPDX-License-Identifier: MIT
//
// Observed events as an async iterator: a bounded queue, of which the oldest go when nobody reads.
'use strict';

class EventStream {
  #queue = [];
  #limit;
  #readers = [];
  #ended = false;
  #stop;

  /** How many were dropped because nobody read in time. */
  lost = 0;

  constructor(limit, stop) {
    this.#limit = limit;
    this.#stop = stop;
  }

  push(event) {
    if (this.#ended) return;
    if (this.#readers.length > 0) {
      this.#readers.shift()({ value: event, done: false });
      return;
    }
    if (this.#queue.length >= this.#limit) {
      this.#queue.shift();
      this.lost++;
    }
    this.#queue.push(event);
  }

  end() {
    if (this.#ended) return;
    this.#ended = true;
    for (const reader of this.#readers.splice(0)) reader({ value: undefined, done: true });
  }

  next() {
    if (this.#queue.length > 0) {
      return Promise.resolve({ value: this.#queue.shift(), done: false });
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  return() {
    this.#stop();
    this.#queue = [];
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

exports.EventStream = EventStream;
