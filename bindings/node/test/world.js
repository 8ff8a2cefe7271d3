// SPDX-License-Identifier: MIT
//
// The world that BEHAVIOURS.md describes, over this binding: one engine, whose time stands still,
// its connections and handlers, and the steps and actions of the file by name.
'use strict';
const assert = require('node:assert/strict');
const { Engine, constants, deny, allow, rewrite, PASS } = require('..');

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase());
const plain = (object) =>
  Object.fromEntries(Object.entries(object ?? {}).map(([name, value]) => [camel(name), value]));
const bytesOf = (text) => (typeof text === 'string' ? text : Buffer.from(text.hex, 'hex'));
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The small word of a constant: (REFUSED, 1) is "policy". */
function word(family, value) {
  const found = Object.keys(constants).find(
    (name) => name.startsWith(`${family}_`) && constants[name] === value,
  );
  return found ? found.slice(family.length + 1).toLowerCase() : value;
}

// Texts are strings, or Buffers where a behaviour is about bytes.
function replaced(text, from, to) {
  if (typeof text === 'string') return text.replaceAll(from, to);
  const [where, what, by] = [text, bytesOf(from), bytesOf(to)].map((one) =>
    Buffer.from(one).toString('latin1'),
  );
  return Buffer.from(where.replaceAll(what, by), 'latin1');
}
const same = (a, b) => Buffer.from(a).equals(Buffer.from(b));

function matches(line, expected) {
  if (typeof expected !== 'string') {
    return line.equals(bytesOf(expected));
  }
  const parts = expected.split('{any}').map((s) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(line.toString());
}

class World {
  now = 1_000_000_000n;
  spent = 0n;
  conns = new Map();
  hooks = new Map();
  weak = []; // of every function that was given to the engine
  unexpected = []; // failures that no step asked for

  /** With `bytes`, handlers see texts as Buffers: for behaviours about what is no UTF-8. */
  constructor(options, bytes) {
    this.bytes = bytes;
    this.engine = new Engine({
      ...plain(options),
      clock: { now: () => this.now, unixNs: () => 1_700_000_000_000_000_000n },
      handlerClock: () => this.spent,
    });
    this.engine.on('filterError', () => {}); // the counters are what is looked at
  }

  // ---- names ------------------------------------------------------------------------------------

  id(name) {
    if (name === null || typeof name !== 'object') return name;
    if ('user' in name) return this.engine.user(name.user).id;
    if ('channel' in name) return this.engine.channel(name.channel).id;
    if ('conn' in name) return this.conns.get(name.conn).conn.id;
    if ('hook' in name) return this.hooks.get(name.hook).registration.id;
    return bytesOf(name);
  }
  members(object, type) {
    const found = {};
    for (const [name, value] of Object.entries(object ?? {})) found[camel(name)] = this.id(value);
    const families = { message: { kind: 'MESSAGE' }, access: { list: 'LIST', set: 'ACCESS' } };
    for (const [name, family] of Object.entries({
      rank: 'RANK',
      mode: type === 'user_change' ? 'UMODE' : 'CMODE',
      what: 'USER',
      ...families[type],
    })) {
      if (typeof found[name] === 'string') {
        found[name] = constants[`${family}_${found[name].toUpperCase()}`];
      }
    }
    return found;
  }
  // A part of an object is as expected; constants are compared by their words.
  same(actual, expected) {
    for (const [name, value] of Object.entries(expected)) {
      let is = actual[camel(name)];
      if (name === 'type') is = is.replace(/[A-Z]/g, '_$&').toLowerCase();
      else if (name === 'outcome') is = word('OUTCOME', actual.outcome.outcome);
      else if (name === 'code') is = word('REFUSED', actual.outcome ? actual.outcome.code : is);
      else if (name === 'state') is = word('HOOK', is);
      else if (name === 'kind' && typeof value === 'string') {
        is = word(
          {
            message: 'MESSAGE',
            hookFailed: 'FAILURE',
            disconnect: 'DISCONNECT',
            query: 'QUERY',
            rateLimit: 'LIMIT',
          }[actual.type],
          is,
        );
      } else if (typeof value === 'boolean') is = Boolean(is);
      const wanted = this.id(value);
      if (typeof is === 'bigint' || typeof wanted === 'bigint') {
        assert.equal(BigInt(is), BigInt(wanted), name);
      } else if (Buffer.isBuffer(is) || (typeof is === 'string' && typeof wanted === 'string')) {
        assert.ok(matches(Buffer.from(is), value), `${name}: ${is}, expected ${wanted}`);
      } else assert.deepEqual(is, wanted, name);
    }
  }
  list(actual, expected) {
    const shown = JSON.stringify(actual, (_, v) => (typeof v === 'bigint' ? String(v) : v));
    assert.equal(actual.length, expected.length, shown);
    expected.forEach((one, i) => this.same(actual[i], one));
  }

  // ---- steps ------------------------------------------------------------------------------------

  async settle() {
    for (let i = 0; i < 2; i++) {
      if (this.engine.isOpen) this.engine.flush();
      await turn();
      await turn();
    }
  }
  async step(step) {
    const run = this[`do_${step.do}`];
    assert.ok(run, `a step that is not described: ${step.do}`);
    if (step.error) this.fails(step.error, () => run.call(this, step));
    else await run.call(this, step);
    if (run.drives) await this.settle();
  }
  fails(error, run) {
    let thrown;
    try {
      run();
    } catch (caught) {
      thrown = caught;
    }
    assert.ok(thrown, `it did not fail: ${error}`);
    if (error === 'type') assert.ok(thrown instanceof TypeError, String(thrown));
    else if (error === 'closed') assert.equal(thrown.code, 'ERR_CONFAB_CLOSED');
    else assert.equal(thrown.code, `CONFAB_ERR_${error.toUpperCase()}`);
  }

  do_open({ conn, address = '192.0.2.1' }) {
    const state = { output: [], closed: false, broken: false };
    this.conns.set(conn, state);
    state.conn = this.engine.open(
      { address },
      {
        write: (bytes) => {
          if (state.broken) throw new Error('the socket broke');
          state.output.push(bytes);
        },
        end: () => (state.closed = true),
      },
    );
  }
  async do_register({ conn, nick, address }) {
    this.do_open({ conn, address });
    this.do_feed({ conn, lines: [`NICK ${nick}`, `USER ${nick} 0 * :${nick}`] });
    await this.settle();
    this.conns.get(conn).output = [];
  }
  do_feed({ conn, lines, value }) {
    const crlf = Buffer.from('\r\n');
    this.conns
      .get(conn)
      .conn.feed(
        lines ? Buffer.concat(lines.flatMap((line) => [Buffer.from(bytesOf(line)), crlf])) : value,
      );
  }
  do_advance({ ms }) {
    this.now += BigInt(ms) * 1_000_000n;
    this.engine.tick();
  }
  do_hang_up({ conn, why }) {
    this.conns.get(conn).conn.hangUp(why);
  }
  do_close({ conn, why }) {
    this.conns.get(conn).conn.close(why);
  }
  do_break_send({ conn }) {
    this.conns.get(conn).broken = true;
  }
  do_submit({ type, actor, members, flags, status }) {
    const answer = this.engine.submit(camel(type), {
      ...this.members(members, type),
      ...(actor === undefined ? {} : { actor: BigInt(this.id(actor)) }),
      forced: [flags].flat().includes('forced'),
    });
    if (status) assert.equal(answer, status);
  }
  do_resolve({ hook, answer }) {
    const resolve = this.hooks.get(hook).open.shift();
    assert.ok(resolve, `${hook} has no open question`);
    resolve(answer);
  }
  do_hook({ hook }) {
    const state = { records: [], open: [], cancelled: [] };
    this.hooks.set(hook.name, state);
    const waitMs = hook.does.find((action) => 'defer' in action)?.defer ?? 0;
    const options = { name: hook.name, stage: hook.stage, waitMs, bytes: this.bytes };
    for (const name of [
      'priority',
      'fail_open',
      'shadow',
      'call_us_max',
      'failures_max',
      'retry_ms',
    ]) {
      if (name in hook) options[camel(name)] = hook[name];
    }
    const run = (event, call) => this.act(hook.does, state, event, call);
    this.weak.push(new WeakRef(run));
    state.registration = this.engine.filter(camel(hook.on), options, run);
  }
  do_unhook({ hook }) {
    this.hooks.get(hook).registration.remove();
  }
  do_create_user({ nick }) {
    this.engine.createUser({ nick });
  }
  do_output({ conn, lines, has = [], lacks = [] }) {
    const state = this.conns.get(conn);
    const bytes = Buffer.concat(state.output);
    state.output = [];
    const got = [];
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf('\r\n', at);
      assert.ok(end >= 0, 'half a line');
      got.push(bytes.subarray(at, end));
      at = end + 2;
    }
    const shown = got.map(String).join('\n');
    if (lines) {
      assert.equal(got.length, lines.length, shown);
      lines.forEach((line, i) => assert.ok(matches(got[i], line), `${got[i]}, expected ${line}`));
    }
    for (const line of has)
      assert.ok(
        got.some((one) => matches(one, line)),
        `no ${line} in\n${shown}`,
      );
    for (const line of lacks)
      assert.ok(!got.some((one) => matches(one, line)), `${line} in\n${shown}`);
  }
  do_closed({ conn }) {
    assert.ok(this.conns.get(conn).closed);
  }
  do_events({ types, expect }) {
    const got = [];
    for (let event = this.engine.nextEvent(); event; event = this.engine.nextEvent()) {
      if (types.includes(event.type.replace(/[A-Z]/g, '_$&').toLowerCase())) got.push(event);
    }
    this.list(got, expect);
  }
  do_recorded({ hook, expect }) {
    this.list(this.hooks.get(hook).records, expect);
    this.hooks.get(hook).records = [];
  }
  do_waiting({ hook, count }) {
    assert.equal(this.hooks.get(hook).open.length, count);
  }
  do_cancelled({ hook, expect }) {
    assert.deepEqual(this.hooks.get(hook).cancelled, expect);
  }
  do_query({ what, name, expect }) {
    const found = this.engine[what](name);
    if (expect === null) assert.equal(found, undefined);
    else this.same(found, expect);
  }
  do_members({ channel, expect }) {
    const nicks = this.engine.members(channel).map((m) => this.engine.user(m.user).nick);
    assert.deepEqual(nicks.sort(), expect);
  }
  do_stats({ expect }) {
    this.same(this.engine.stats(), expect);
  }
  do_hook_stats({ hook, expect }) {
    this.same(this.hooks.get(hook).registration.stats, expect);
  }
  do_metrics({ has }) {
    const lines = this.engine.metrics().split('\n');
    for (const line of has)
      assert.ok(
        lines.some((one) => matches(one, line)),
        `no ${line}`,
      );
  }
  do_destroy() {
    this.engine.close();
  }
  async do_drop() {
    const weak = new WeakRef(this.engine);
    this.engine = undefined;
    for (const state of this.conns.values()) state.conn = undefined;
    for (const state of this.hooks.values()) state.registration = undefined;
    await this.collected(() => weak.deref() === undefined, 'the engine');
  }
  async collected(gone, what) {
    for (let i = 0; i < 20 && !gone(); i++) {
      await turn();
      global.gc();
    }
    assert.ok(gone(), `${what} was not collected`);
  }

  /** The end: what was given to the engine has been let go. */
  async end() {
    this.engine?.close();
    await turn();
    this.engine = undefined;
    this.conns.clear();
    this.hooks.clear();
    await this.collected(() => this.weak.every((weak) => weak.deref() === undefined), 'a handler');
  }

  // ---- handlers ---------------------------------------------------------------------------------

  do_command({ command }) {
    const state = { records: [] };
    this.hooks.set(command.name ?? command.verb, state);
    const options = {};
    for (const name of ['params_min', 'params_max', 'permission', 'help']) {
      if (name in command) options[camel(name)] = command[name];
    }
    const run = (event, params) => {
      this.act(command.does, state, event, undefined, params);
    };
    this.weak.push(new WeakRef(run));
    state.registration = this.engine.addCommand(command.verb, options, run);
  }
  answer(action) {
    if (action.pass) return PASS;
    if (action.deny) return deny(plain(action.deny));
    if (action.set) {
      return rewrite(
        Object.fromEntries(
          Object.entries(plain(action.set)).map(([name, value]) => [name, bytesOf(value)]),
        ),
      );
    }
    if ('allow' in action) return allow(action.allow);
    if ('answer' in action) return action.answer;
    assert.fail(`an action that is not described: ${JSON.stringify(action)}`);
  }
  drive(what) {
    if (what === 'feed') [...this.conns.values()][0].conn.feed('PING x\r\n');
    else this.engine[what]();
  }
  // A filter that takes its time: the other actions, and the answer, come when it is resolved.
  async wait(does, state, event, call) {
    const action = await new Promise((resolve) => {
      state.open.push(resolve);
      const { signal } = call;
      signal.addEventListener('abort', () => {
        state.cancelled.push(signal.reason);
        state.open = state.open.filter((one) => one !== resolve);
      });
    });
    this.act(
      does.filter((one) => !('defer' in one)),
      state,
      event,
    );
    return this.act([action], state, event);
  }
  act(does, state, event, call, params) {
    let answer;
    let text = event.text;
    try {
      for (const action of does) {
        const [[name, value]] = Object.entries(action);
        if (name === 'replace') {
          text = replaced(text, ...value);
          if (!same(text, event.text)) answer = rewrite({ text });
        } else if (name === 'record') {
          const record = { type: event.type };
          if (event.outcome) record.outcome = event.outcome;
          for (const member of value) record[camel(member)] ??= event[camel(member)];
          state.records.push(record);
        } else if (name === 'defer') {
          return this.wait(does, state, event, call);
        } else if (name === 'throw') throw new Error(value);
        else if (name === 'spend_ms') this.spent += BigInt(value) * 1_000_000n;
        else if (name === 'submit') this.do_submit({ status: 'queued', ...value });
        else if (name === 'drive') this.fails(action.error, () => this.drive(value));
        else if (name === 'query') this.do_query(value);
        else if (name === 'remove_self') state.registration.remove();
        else if (name === 'close_engine') this.engine.close();
        else if (name === 'reply') {
          this.engine.notify(
            event.origin,
            value.replace(/\{(\d)\}/g, (_, i) => params[i] ?? ''),
          );
        } else answer = this.answer(action);
      }
      return answer;
    } catch (error) {
      if (error instanceof assert.AssertionError) this.unexpected.push(error);
      throw error;
    }
  }
}
for (const name of [
  'open',
  'register',
  'feed',
  'advance',
  'hang_up',
  'close',
  'break_send',
  'submit',
  'resolve',
  'hook',
  'unhook',
  'create_user',
  'destroy',
]) {
  World.prototype[`do_${name}`].drives = true;
}

exports.World = World;
