// SPDX-License-Identifier: MIT
//
// Loads the addon and says in plain words why it could not be: not built, no libconfab, or one of
// another version.
'use strict';
const path = require('path');
const { ConfabError } = require('./errors');

const folder = process.env.CONFAB_NODE_BUILD || path.join(__dirname, '..', 'build');

function explain(error) {
  const text = String(error.message);
  let code = 'ERR_CONFAB_ADDON';
  let said = `the addon could not be loaded: ${text}`;
  if (error.code === 'ERR_CONFAB_LIBRARY_VERSION') {
    return error;
  } else if (error.code === 'MODULE_NOT_FOUND') {
    code = 'ERR_CONFAB_NOT_BUILT';
    said = `the addon is not built: no ${path.join(folder, 'confab.node')} (npm run build)`;
  } else if (/libconfab\S*: cannot open shared object file/.test(text)) {
    code = 'ERR_CONFAB_LIBRARY_MISSING';
    said = `libconfab is missing: ${text}; install it, or name its folder in LD_LIBRARY_PATH`;
  } else if (/undefined symbol: confab_|version `CONFAB\S*' not found/.test(text)) {
    code = 'ERR_CONFAB_LIBRARY_VERSION';
    said = `the libconfab that was found is older than this binding: ${text}`;
  }
  return Object.assign(new Error(said, { cause: error }), { code });
}

let native, made;
try {
  native = require(path.join(folder, 'confab.node'));
  made = require(path.join(folder, 'raw.js'));
} catch (error) {
  throw explain(error);
}
native.setup(ConfabError, made.make);

exports.raw = native;
exports.constants = made.constants;
exports.types = made.types;
exports.members = made.members;
exports.structOfType = made.structOfType;

const numbers = new Map();
made.types.forEach((name, number) => numbers.set(name, number));

/** The number of a type of events: "message" is 7. */
exports.typeNumber = (name) => {
  if (!numbers.has(name)) throw new TypeError(`no type of events is called ${String(name)}`);
  return numbers.get(name);
};

/** A constant by its family and a name in any of the usual spellings: ("DENIAL", "shadow"). */
exports.constant = (family, value) => {
  if (typeof value === 'number') return value;
  const name = `${family}_${String(value).replace(/[A-Z]/g, '_$&').toUpperCase()}`;
  if (typeof value !== 'string' || !(name in made.constants)) {
    throw new TypeError(`${String(value)} is no ${family.toLowerCase()}`);
  }
  return made.constants[name];
};

/** Refuses members that a struct does not have: they are misspelt, or not of this version. */
exports.check = (struct, object, ...others) => {
  if (object === null || typeof object !== 'object')
    throw new TypeError(`${struct}: not an object`);
  for (const name of Object.keys(object)) {
    if (!made.members[struct].includes(name) && !others.includes(name)) {
      throw new TypeError(`${struct} has no member ${name}`);
    }
  }
};
