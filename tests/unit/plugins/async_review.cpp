// SPDX-License-Identifier: MIT
//
// async_review: messages that wait for a thread or a service, every answer and every way to have
// none, tokens that die meanwhile, and unloading with questions on their way.

#include "support/catch.hpp"
#include "unit/plugins/http_service.hpp"
#include "unit/plugins/plugged.hpp"

#include <atomic>
#include <chrono>

using namespace confab::test;

extern "C" const confab_plugin_entry confab_plugin_async_review;

namespace {

const confab_plugin_entry &entry = confab_plugin_async_review;
using clock_type = std::chrono::steady_clock;

struct reviewed : plugged {
  // Lets the engine's time go on beside the real one, until nothing waits: the reviewers have real
  // threads. False after 20 s.
  bool settle() {
    const auto end = clock_type::now() + std::chrono::seconds(20);
    while (stats().deferrals > 0) {
      if (clock_type::now() > end)
        return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ignore(wait_ms(1));
    }
    return true;
  }
  std::string heard_after(confab_id by, confab_id speaker, std::string_view line) {
    read_all();
    say(speaker, line);
    return settle() ? read(by) : "nothing was decided";
  }
};

setting_list thread_settings(setting_list more = {}) {
  setting_list all{{"words", "darn"}, {"timeout", "60s"}, {"poll", "1ms"}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

setting_list http_settings(const http_service &service, setting_list more = {}) {
  setting_list all{{"mode", "http"}, {"url", service.url()}, {"poll", "1ms"}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::string verdict(const std::string &json) { return http_service::response(json); }

} // namespace

TEST_CASE("async_review: a thread decides, and others do not wait") {
  reviewed p;
  REQUIRE(p.add(entry, thread_settings({{"channels", "#none\n#X"}})) == CONFAB_OK);
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :hello").empty());      // not yet
  CHECK(has(p.heard(p.cat, p.bob, "PRIVMSG cat :darn"), "darn")); // private is not reviewed
  REQUIRE(p.settle());
  CHECK(has(p.read(p.bob), "hello"));
  const std::string refused = p.heard_after(p.ann, p.ann, "PRIVMSG #x :well, DARN");
  CHECK(has(refused, "This was reviewed and refused."));
  CHECK(p.heard_after(p.bob, p.ann, "PRIVMSG #x :darn it").empty());
  p.say(p.ann, "JOIN #y");
  p.say(p.bob, "JOIN #y");
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #y :darn"), "darn")); // not in its channels
  CHECK(p.tell("STATUS") == "0 waiting; 3 asked, 1 passed, 2 denied, 0 rewritten, 0 failed, "
                            "0 cancelled, 0 not asked.\n");
  CHECK(p.tell("HELP") == "Say STATUS.\n");
}

TEST_CASE("async_review: a thread can rewrite, and what one says stays in order") {
  reviewed p;
  REQUIRE(p.add(entry, thread_settings({{"action", "mask"}, {"private", "yes"}})) == CONFAB_OK);
  p.read_all();
  p.say(p.ann, "PRIVMSG #x :one darn\r\nPRIVMSG #x :two\r\nPRIVMSG #x :three DARN darn");
  // Each is judged when the one before it has been.
  for (int i = 0; i < 3; ++i)
    REQUIRE(p.settle());
  const std::string heard = p.read(p.bob);
  const std::size_t one = heard.find(":one ****"), two = heard.find(":two"),
                    three = heard.find(":three **** ****");
  CHECK(one < two);
  CHECK(two < three);
  CHECK(three != std::string::npos);
  CHECK(has(p.heard_after(p.cat, p.bob, "PRIVMSG cat :darn"), ":****"));
}

TEST_CASE("async_review: a service decides, with its words") {
  std::atomic<int> asked{0};
  const http_service service([&](const std::string &body) {
    ++asked;
    if (has(body, "bad"))
      return verdict(R"({"verdict":"deny","text":"The service says no."})");
    if (has(body, "plain no"))
      return verdict(R"({"verdict":"deny"})");
    if (has(body, "better"))
      return verdict(R"({"verdict":"rewrite","text":"said better"})");
    return has(body, R"("nick":"ann")") && has(body, R"("channel":"#x")")
               ? verdict(R"({"verdict":"pass"})")
               : verdict(R"({"verdict":"deny","text":"Who, and where?"})");
  });
  REQUIRE(service.ok());
  reviewed p;
  REQUIRE(p.add(entry, http_settings(service)) == CONFAB_OK);
  CHECK(has(p.heard_after(p.bob, p.ann, "PRIVMSG #x :hello \"you\" \xff"), "hello \"you\""));
  CHECK(has(p.heard_after(p.ann, p.ann, "PRIVMSG #x :bad"), "The service says no."));
  CHECK(has(p.heard_after(p.ann, p.ann, "PRIVMSG #x :plain no"), "This was reviewed and refused."));
  CHECK(has(p.heard_after(p.bob, p.ann, "PRIVMSG #x :better"), ":said better"));
  CHECK(asked == 4);
}

TEST_CASE("async_review: a service that gives no verdict is a failure, closed or open") {
  const std::string answers[] = {
      "", // closes
      "this is no HTTP\r\n\r\n",
      http_service::response(R"({"verdict":"pass"})", "500 Oh"),
      http_service::response(R"({"verdict":"pass"})", "302 Elsewhere"),
      verdict("not json"),
      verdict("[]"),
      verdict("{}"),
      verdict(R"({"verdict":7})"),
      verdict(R"({"verdict":"perhaps"})"),
      verdict(R"({"verdict":"rewrite"})"),
      verdict(R"({"verdict":"rewrite","text":"two\r\nlines"})"),
      verdict(R"({"verdict":"rewrite","text":")" + std::string(8000, 'x') + "\"}"),
      verdict(R"({"verdict":"pass","text":")" + std::string(20000, 'x') + "\"}"),
  };
  for (const char *policy : {"closed", "open"}) {
    for (const std::string &answer : answers) {
      INFO(policy << ": " << answer.substr(0, 80));
      const http_service service([&](const std::string &) { return answer; });
      reviewed p;
      REQUIRE(p.add(entry, http_settings(service, {{"on_failure", policy}})) == CONFAB_OK);
      const std::string heard = p.heard_after(p.bob, p.ann, "PRIVMSG #x :hello");
      CHECK(has(heard, "hello") == (std::string(policy) == "open"));
      CHECK(has(p.read(p.ann), "could not be reviewed") == (std::string(policy) == "closed"));
      CHECK(has(p.tell("STATUS"), "1 failed"));
    }
  }
}

TEST_CASE("async_review: nobody listens at the service's address") {
  std::string url;
  {
    const http_service service([](const std::string &) { return std::string(); });
    url = service.url();
  }
  reviewed p;
  REQUIRE(p.add(entry, {{"mode", "http"}, {"url", url}, {"poll", "1ms"}}) == CONFAB_OK);
  CHECK(p.heard_after(p.bob, p.ann, "PRIVMSG #x :hello").empty());
  CHECK(has(p.tell("STATUS"), "1 failed"));
}

TEST_CASE("async_review: too late an answer is none, and the policy decides") {
  std::atomic<bool> over{false};
  const http_service service([&](const std::string &) {
    while (!over)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return verdict(R"({"verdict":"pass"})");
  });
  for (const char *policy : {"closed", "open"}) {
    reviewed p;
    REQUIRE(p.add(entry, http_settings(service, {{"on_failure", policy}, {"timeout", "5s"}})) ==
            CONFAB_OK);
    p.read_all();
    p.say(p.ann, "PRIVMSG #x :hello");
    CHECK(p.read(p.bob).empty());
    ignore(p.wait_ms(5100)); // of the engine's time only
    CHECK(has(p.read(p.bob), "hello") == (std::string(policy) == "open"));
    CHECK(has(p.tell("STATUS"), "0 waiting; 1 asked, 0 passed, 0 denied, 0 rewritten, 0 failed, "
                                "1 cancelled"));
  }
  over = true;
}

TEST_CASE("async_review: who is gone, and a channel that is gone, are not answered") {
  std::atomic<bool> over{false};
  const http_service service([&](const std::string &) {
    while (!over)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return verdict(R"({"verdict":"pass"})");
  });
  reviewed p;
  REQUIRE(p.add(entry, http_settings(service, {{"parallel", "1"}})) == CONFAB_OK);
  p.read_all();
  p.say(p.ann, "PRIVMSG #x :from ann");
  p.say(p.bob, "PRIVMSG #x :from bob");
  CHECK(has(p.tell("STATUS"), "2 waiting"));
  REQUIRE(p.end(p.ann) == CONFAB_OK);
  CHECK(has(p.tell("STATUS"), "1 waiting"));
  over = true;
  REQUIRE(p.settle());
  CHECK_FALSE(has(p.read(p.bob), "from ann"));
  CHECK(has(p.tell("STATUS"), "1 passed"));
  CHECK(has(p.tell("STATUS"), "1 cancelled"));
}

TEST_CASE("async_review: more than its queue holds is not asked") {
  std::atomic<bool> over{false};
  const http_service service([&](const std::string &) {
    while (!over)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return verdict(R"({"verdict":"pass"})");
  });
  for (const char *policy : {"closed", "open"}) {
    over = false;
    reviewed p;
    p.say(p.cat, "JOIN #x");
    REQUIRE(p.add(entry, http_settings(service, {{"parallel", "1"},
                                                 {"queue", "1"},
                                                 {"timeout", "60s"},
                                                 {"on_failure", policy}})) == CONFAB_OK);
    p.say(p.ann, "PRIVMSG #x :a");
    // The first leaves the queue when the thread takes it.
    const auto end = clock_type::now() + std::chrono::seconds(20);
    std::string heard;
    confab_id speaker = p.bob;
    p.read_all();
    for (int i = 0; i < 50 && clock_type::now() < end && !has(p.tell("STATUS"), "1 not asked");
         ++i) {
      speaker = p.enter("d" + std::to_string(i));
      p.say(speaker, "JOIN #x\r\nPRIVMSG #x :one more");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(has(p.tell("STATUS"), "1 not asked"));
    CHECK(has(p.read(p.bob), "one more") == (std::string(policy) == "open"));
    over = true;
    CHECK(p.settle());
  }
}

TEST_CASE("async_review is unloaded at any moment, and its thread with it") {
  std::atomic<bool> over{false};
  const http_service service([&](const std::string &) {
    while (!over)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return verdict(R"({"verdict":"pass"})");
  });
  for (const char *policy : {"closed", "open"}) {
    reviewed p;
    REQUIRE(p.add(entry, http_settings(service, {{"on_failure", policy}, {"timeout", "60s"}}),
                  "one") == CONFAB_OK);
    const confab_id one = p.plugin;
    REQUIRE(p.add(entry, thread_settings(), "two") == CONFAB_OK);
    p.read_all();
    p.say(p.ann, "PRIVMSG #x :hello");
    const auto begin = clock_type::now();
    REQUIRE(confab_plugin_remove(p.engine, one, 0) == CONFAB_OK);
    CHECK(clock_type::now() - begin < std::chrono::seconds(10)); // not the service's minute
    CHECK(p.released == 1);
    REQUIRE(p.settle());
    CHECK(has(p.read(p.bob), "hello") == (std::string(policy) == "open"));
    p.say(p.ann, "PRIVMSG #x :again"); // and in the middle of it the engine ends
    CHECK(p.finish() == "");
    CHECK(p.released == 2);
  }
  over = true;
}

TEST_CASE("async_review drains: who waits still gets an answer") {
  const http_service service([](const std::string &) { return verdict(R"({"verdict":"pass"})"); });
  reviewed p;
  REQUIRE(p.add(entry, http_settings(service, {{"timeout", "60s"}})) == CONFAB_OK);
  p.read_all();
  p.say(p.ann, "PRIVMSG #x :hello");
  REQUIRE(p.remove(60'000) == CONFAB_OK);
  REQUIRE(p.settle());
  CHECK(has(p.read(p.bob), "hello"));
  CHECK(p.released == 1);
}

TEST_CASE("async_review: settings that cannot be") {
  reviewed p;
  CHECK(p.add(entry, {{"mode", "http"}}) == CONFAB_ERR_ARG);
  CHECK(p.logged("url is no http:// address"));
  for (const char *url :
       {"https://127.0.0.1/", "ftp://127.0.0.1/", "127.0.0.1:80", "http://", "http://:x/"}) {
    INFO(url);
    CHECK(p.add(entry, {{"mode", "http"}, {"url", url}}) == CONFAB_ERR_ARG);
  }
  CHECK(p.add(entry, {{"timeout", "1ms"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"queue", "0"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"parallel", "65"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"action", "kick"}}) == CONFAB_ERR_ARG);
  REQUIRE(p.add(entry) == CONFAB_OK);
  CHECK(p.configure({}) == CONFAB_ERR_STATE);
  CHECK(has(p.heard_after(p.bob, p.ann, "PRIVMSG #x :hello"), "hello")); // no words: all passes
}
