// SPDX-License-Identifier: MIT
//
// What filters answer: PASS (or nothing), deny(), allow(), rewrite(), or a promise of one of them;
// and how an answer reaches the engine. A value of another type is a failure of the filter.
'use strict';
const { raw, constants, constant } = require('./native');

class Verdict {}
class Denial extends Verdict {
  constructor({ code = 'policy', text = '', visibility = 'error' } = {}) {
    super();
    this.code = constant('REFUSED', code);
    this.visibility = constant('DENIAL', visibility);
    this.text = text;
  }
}
class Permission extends Verdict {
  constructor(reason) {
    super();
    this.reason = reason;
  }
}
class Rewrite extends Verdict {
  constructor(members) {
    super();
    this.fields = Object.entries(members).map(([name, value]) => [constant('FIELD', name), value]);
  }
}
const PASS = Object.freeze(new Verdict());

const isText = (field) => field < constants.FIELD_KIND; // numbers from there on (hook.h)
const wrong = (what) => new TypeError(`a filter answered ${what}`);

/** Tells the engine, inside the handler; returns the verdict's number. */
function give(handle, stage, answer) {
  if (answer === undefined || answer === PASS) return constants.PASS;
  if (answer instanceof Denial) {
    if (stage !== constants.STAGE_POLICY) throw wrong('deny(), which only POLICY has');
    raw.callDeny(handle, answer.code, answer.text, answer.visibility);
    return constants.DENY;
  }
  if (answer instanceof Permission) {
    if (stage !== constants.STAGE_OVERRIDE) throw wrong('allow(), which only OVERRIDE has');
    raw.callOverride(handle, answer.reason);
    return constants.ALLOW;
  }
  if (answer instanceof Rewrite) {
    if (stage !== constants.STAGE_TRANSFORM) {
      throw wrong('rewrite(), which only TRANSFORM and promises have');
    }
    for (const [field, value] of answer.fields) {
      if (isText(field)) raw.callSet(handle, field, value);
      else raw.callSetNumber(handle, field, value);
    }
    return constants.PASS;
  }
  throw wrong(
    `${typeof answer} ${String(answer)}: it must be undefined, PASS, deny(), allow(), ` +
      'rewrite() or a promise',
  );
}

/** Tells the engine what a promise that a filter answered with came to. */
function resolve(handle, token, answer) {
  if (answer instanceof Denial) {
    raw.deferralResolve(handle, token, constants.DENY, answer.code, answer.text, answer.visibility);
    return;
  }
  if (answer instanceof Rewrite) {
    for (const [field, value] of answer.fields) {
      if (!isText(field)) throw wrong('a rewrite of a number, after it had waited');
      raw.deferralSet(handle, token, field, value);
    }
  } else if (answer !== undefined && answer !== PASS) {
    throw wrong(`with a promise of ${typeof answer} ${String(answer)}`);
  }
  raw.deferralResolve(handle, token, constants.PASS, 0, '', 0);
}

module.exports = {
  PASS,
  deny: (details) => new Denial(typeof details === 'string' ? { text: details } : details),
  allow: (reason = '') => new Permission(reason),
  rewrite: (members) => new Rewrite(members),
  give,
  resolve,
};
