// SPDX-License-Identifier: MIT
//
// Sockets of the usual kinds as transports: net and tls, and WebSockets of the package ws (or
// whatever has its events and methods).
'use strict';
const { constants } = require('./native');
const buffer = require('buffer');

// Answers undefined where the engine refused the connection: the socket is closed then.
function open(engine, options, transport, refuse) {
  try {
    return engine.open(options, transport);
  } catch (error) {
    if (error.status !== constants.ERR_DENIED && error.status !== constants.ERR_LIMIT) throw error;
    refuse();
    return undefined;
  }
}

/** A net.Socket or tls.TLSSocket. */
exports.attach = (engine, socket, options = {}) => {
  const conn = open(
    engine,
    {
      address: socket.remoteAddress ?? '0',
      secure: Boolean(socket.encrypted),
      ...options,
    },
    {
      write: (bytes) => socket.write(bytes),
      end: () => socket.end(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    },
    () => socket.destroy(),
  );
  if (!conn) return undefined;
  let why = '';
  socket.on('data', (bytes) => conn.isOpen && conn.feed(bytes));
  socket.on('drain', () => conn.isOpen && conn.drained());
  socket.on('error', (error) => (why = error.code ?? error.message));
  socket.on('close', () => conn.isOpen && conn.hangUp(why));
  return conn;
};

// A text frame must be UTF-8; IRC lines need not be (IRCv3's WebSocket page: replace what is not).
const asText = (bytes) => (buffer.isUtf8?.(bytes) ? bytes : Buffer.from(bytes.toString('utf8')));

// So much may wait in a WebSocket before its output stays in the engine.
const FULL = 64 * 1024;

/** A WebSocket of the package ws, whose frames are whole messages. */
exports.attachWebSocket = (engine, socket, options = {}) => {
  let full = false;
  const drained = () => {
    if (!full || socket.bufferedAmount >= FULL || !conn.isOpen) return;
    full = false;
    conn.drained();
  };
  const conn = open(
    engine,
    { ...options, messages: true },
    {
      write: (messages) => {
        const binary = socket.protocol === 'binary.ircv3.net';
        messages.forEach((bytes, i) =>
          socket.send(
            binary ? bytes : asText(bytes),
            { binary },
            i === messages.length - 1 ? drained : undefined,
          ),
        );
        full = socket.bufferedAmount >= FULL;
        return !full;
      },
      end: () => socket.close(1000),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    },
    () => socket.close(1008),
  );
  if (!conn) return undefined;
  let why = '';
  socket.on('message', (bytes) => conn.isOpen && conn.feed(bytes));
  socket.on('error', (error) => (why = error.code ?? error.message));
  socket.on('close', () => conn.isOpen && conn.hangUp(why));
  return conn;
};
