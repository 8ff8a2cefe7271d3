// SPDX-License-Identifier: MIT
//
// The one class of errors that come from the library. What is wrong with a value's type is a
// TypeError, as everywhere in JavaScript.
'use strict';

class ConfabError extends Error {
  /** @param {number} status CONFAB_ERR_* @param {string} code its name @param {string} text */
  constructor(status, code, text) {
    super(text ? `${code}: ${text}` : code);
    this.name = 'ConfabError';
    this.status = status;
    this.code = code;
  }
}

exports.ConfabError = ConfabError;
