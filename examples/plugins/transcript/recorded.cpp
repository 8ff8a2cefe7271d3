// SPDX-License-Identifier: MIT
//
// The durable state as JSON: see recorded.hpp. A file that is damaged is refused, not taken for an
// empty one: to forget in silence what was to be recorded, and write over it, would be worse than
// not to start.
#include "transcript/recorded.hpp"

#include "support/safe_name.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace confab::plugins::transcripts {

std::string recorded::to_text() const {
  nlohmann::ordered_json out;
  out["version"] = 1;
  out["all"] = all;
  out[all ? "except" : "channels"] = nlohmann::json::array();
  for (const std::string &name : names)
    out[all ? "except" : "channels"].push_back(spelled(name));
  out["directory"] = spelled(directory);
  return out.dump(2) + "\n";
}

recorded recorded::from_text(const std::string &text) {
  recorded out;
  try {
    const auto in = nlohmann::json::parse(text);
    if (in.at("version") != 1)
      throw std::runtime_error("it is of another version");
    out.all = in.at("all").get<bool>();
    const auto real = [](const nlohmann::json &value) {
      std::optional<std::string> name = unspelled(value.get<std::string>());
      if (!name)
        throw std::runtime_error("it has a name that is none: " + value.dump());
      return *std::move(name);
    };
    for (const auto &name : in.at(out.all ? "except" : "channels"))
      out.names.insert(real(name));
    out.directory = real(in.at("directory"));
  } catch (const std::exception &why) {
    throw std::runtime_error(std::string(file) + " is damaged: " + why.what());
  }
  return out;
}

} // namespace confab::plugins::transcripts
