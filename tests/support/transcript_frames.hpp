// SPDX-License-Identifier: MIT
//
// Frames of MIC as words, for transcripts: what a client sends is read out of a line, and what it
// is sent is written as one. tests/conformance/transcripts/README.md is the manual of the form.
// Nothing of lib/proto/mic is used, as in the client of MIC.
#pragma once

#include <string>
#include <string_view>

namespace confab::test {

// "OPENCHANNEL #a" as a frame; or the bytes of "<05 01 ...>". Throws std::runtime_error with what
// is wrong.
std::string frame_of(std::string_view words);
// "EVENTMSG from=0x103 to=0x102 :hello".
std::string words_of(std::string_view frame);
// As it stands in a transcript: "<2201...>".
std::string hex_words(std::string_view frame);
// "<22 01 ...>" without its spaces.
std::string compact_hex(std::string_view words);

} // namespace confab::test
