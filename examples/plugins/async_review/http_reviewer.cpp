// SPDX-License-Identifier: MIT
//
// The HTTP client: one thread, several requests at once with libcurl's multi interface, connections
// kept. It is woken for new questions and for the end, so that neither waits for the network. Every
// question has exactly one answer: what goes wrong in any way is `failed`.
#include "async_review/reviewer.hpp"

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <list>
#include <new>
#include <thread>

namespace async_review {
namespace {

using json = nlohmann::json;

constexpr std::size_t answer_bytes_max = 16384;

struct easy_closer {
  void operator()(CURL *easy) const { curl_easy_cleanup(easy); }
};
struct multi_closer {
  void operator()(CURLM *multi) const { curl_multi_cleanup(multi); }
};
struct headers_closer {
  void operator()(curl_slist *list) const { curl_slist_free_all(list); }
};

// A request on its way; it does not move, because libcurl points into it.
struct request {
  std::unique_ptr<CURL, easy_closer> easy;
  confab_id token = 0;
  std::string body, got;
};

std::size_t on_data(char *data, std::size_t one, std::size_t count, void *ctx) noexcept {
  auto &r = *static_cast<request *>(ctx);
  try {
    if (r.got.size() + one * count > answer_bytes_max)
      return 0; // ends the request
    r.got.append(data, one * count);
    return one * count;
  } catch (...) {
    return 0;
  }
}

std::string body_of(const question &q) {
  const json body{{"text", q.text}, {"nick", q.nick}, {"channel", q.channel}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

answer read_answer(confab_id token, const std::string &got) {
  const json said = json::parse(got, nullptr, false);
  const auto text_of = [&](const char *key) {
    const auto found = said.is_object() ? said.find(key) : said.end();
    return said.is_object() && found != said.end() && found->is_string() ? found->get<std::string>()
                                                                         : std::string();
  };
  const std::string verdict = text_of("verdict"), text = text_of("text");
  if (verdict == "pass")
    return {token, decision::pass, {}};
  if (verdict == "deny")
    return {token, decision::deny, text};
  if (verdict == "rewrite" && !text.empty())
    return {token, decision::rewrite, text};
  return {token, decision::failed, {}};
}

class http_reviewer final : public reviewer {
public:
  http_reviewer(std::size_t questions_max, http_service service)
      : reviewer(questions_max), service_(std::move(service)), multi_(curl_multi_init()),
        headers_(curl_slist_append(curl_slist_append(nullptr, "Content-Type: application/json"),
                                   "Expect:")) {
    if (!multi_ || !headers_)
      throw std::bad_alloc();
    thread_ = std::jthread([this](const std::stop_token &stop) { run(stop); });
  }
  ~http_reviewer() override {
    thread_.request_stop();
    wake();
    thread_.join();
    for (request &r : requests_)
      curl_multi_remove_handle(multi_.get(), r.easy.get());
  }

  void wake() override { curl_multi_wakeup(multi_.get()); }

private:
  void run(const std::stop_token &stop) {
    while (!stop.stop_requested()) {
      bool room = false;
      try {
        room = turn();
      } catch (const std::bad_alloc &) {
        // What has no answer now is decided by its deadline.
      }
      if (!room && !stop.stop_requested())
        curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
    }
  }

  // True when a request has ended, so that there is room for another.
  bool turn() {
    while (requests_.size() < service_.parallel) {
      std::optional<question> q = box.next();
      if (!q)
        break;
      start(*q);
    }
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    return finish();
  }

  void start(const question &q) {
    std::string body = body_of(q);
    request &r = requests_.emplace_back();
    r.easy.reset(curl_easy_init());
    r.token = q.token;
    r.body = std::move(body);
    CURL *easy = r.easy.get();
    if (easy) {
      curl_easy_setopt(easy, CURLOPT_URL, service_.url.c_str());
      curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
      curl_easy_setopt(easy, CURLOPT_PROXY, "");
      curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
      curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, service_.timeout_ms);
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(r.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r.body.c_str());
      curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
      curl_easy_setopt(easy, CURLOPT_WRITEDATA, &r);
      curl_easy_setopt(easy, CURLOPT_PRIVATE, &r);
    }
    if (!easy || curl_multi_add_handle(multi_.get(), easy) != CURLM_OK) {
      requests_.pop_back();
      box.tell({q.token, decision::failed, {}});
    }
  }

  bool finish() {
    int left = 0;
    bool ended = false;
    while (const CURLMsg *message = curl_multi_info_read(multi_.get(), &left)) {
      CURL *easy = message->easy_handle;
      const bool good = message->data.result == CURLE_OK;
      long code = 0;
      char *ctx = nullptr;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ctx);
      curl_multi_remove_handle(multi_.get(), easy);
      const auto mine = std::find_if(requests_.begin(), requests_.end(), [&](const request &r) {
        return &r == reinterpret_cast<const request *>(ctx);
      });
      std::list<request> done;
      done.splice(done.end(), requests_, mine);
      ended = true;
      box.tell(good && code == 200 ? read_answer(mine->token, mine->got)
                                   : answer{mine->token, decision::failed, {}});
    }
    return ended;
  }

  const http_service service_;
  std::unique_ptr<CURLM, multi_closer> multi_;
  std::unique_ptr<curl_slist, headers_closer> headers_;
  std::list<request> requests_; // the thread's, until it has ended
  std::jthread thread_;
};

bool is_http_url(const std::string &url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  return parsed && url.starts_with("http://") &&
         curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK;
}

} // namespace

std::unique_ptr<reviewer> make_http_reviewer(std::size_t questions_max, http_service service) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK || !is_http_url(service.url))
    return nullptr;
  return std::make_unique<http_reviewer>(questions_max, std::move(service));
}

} // namespace async_review
