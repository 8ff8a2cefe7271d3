// SPDX-License-Identifier: MIT
//
// confab for Node.js: what a program imports. index.d.ts is the reference.
'use strict';
const { Engine } = require('./lib/engine');
const { ConfabError } = require('./lib/errors');
const { PASS, deny, allow, rewrite } = require('./lib/verdict');
const { raw, constants } = require('./lib/native');

exports.Engine = Engine;
exports.ConfabError = ConfabError;
exports.PASS = PASS;
exports.deny = deny;
exports.allow = allow;
exports.rewrite = rewrite;
exports.constants = constants;
exports.raw = raw;
exports.version = raw.version();
