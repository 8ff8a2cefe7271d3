// SPDX-License-Identifier: MIT
//
// Writing off the hook path: handlers push lines into a bounded queue and go on; a thread of its
// own formats them and does all that can take its time. When the queue is full, lines are counted
// instead of kept, and where they are missing the file says how many: nothing blocks, and nothing
// is lost in silence. What cannot be written (a full disk) has the same fate. The end of a writer
// writes everything that was pushed.
//
// A `Line` is what is pushed, as it is: folder() says where it goes, unix_ns when it was, bytes()
// what it takes; heading(style), rendered(style) and lost(style, count) are made by the thread.
#pragma once

#include "support/rotating_files.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

#include <pthread.h>
#include <signal.h>

namespace confab::plugins {

// When what was written is pushed through to the disk.
enum class syncing : std::uint32_t { never, second, always };

// Where and how lines are written.
struct writing {
  std::shared_ptr<const locked_directory> where;
  rotation how;
  syncing sync = syncing::second;
  std::uint32_t style = 0; // what it means is the lines' business
};

struct writer_stats {
  std::size_t queued_lines = 0, queued_bytes = 0;
  std::uint64_t written_total = 0, lost_total = 0;
  std::string error; // the last one since it was last asked
};

template <class Line>
class file_writer {
public:
  file_writer(writing first, std::size_t queue_bytes_max) : bytes_max_(queue_bytes_max) {
    use(std::move(first));
    // Signals are the host's business: its own threads get them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread_ = std::thread([this] { run(); });
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  file_writer(const file_writer &) = delete;
  file_writer &operator=(const file_writer &) = delete;
  ~file_writer() { finish(); }

  // Keeps a line, or counts it when there is no room. Never waits for a file.
  bool push(Line &&line) noexcept {
    const std::lock_guard hold(mutex_);
    const std::size_t bytes = line.bytes();
    try {
      if (queued_bytes_ + bytes <= bytes_max_) {
        queue_.emplace_back(std::move(line));
        queued_bytes_ += bytes;
        ++queued_lines_;
        wake_.notify_one();
        return true;
      }
      miss(missing_, std::move(line), 1);
    } catch (...) { // no memory for it, nor to say in which file
    }
    ++lost_;
    return false;
  }

  // What is pushed from now on is written so. Takes its turn behind what is queued.
  void change(writing next, std::size_t queue_bytes_max) {
    const std::lock_guard hold(mutex_);
    queue_.emplace_back(std::move(next));
    bytes_max_ = queue_bytes_max;
    wake_.notify_one();
  }

  // Tells what time it is: once a day old files go.
  void at(std::int64_t unix_ns) noexcept {
    const std::lock_guard hold(mutex_);
    now_ns_ = unix_ns;
    if (unix_ns / day_ns != pruned_day_)
      wake_.notify_one();
  }

  writer_stats stats() {
    const std::lock_guard hold(mutex_);
    return {queued_lines_, queued_bytes_, written_, lost_, std::exchange(error_, {})};
  }

  // Waits until everything that was pushed is written: for tests and for the end.
  void drain() {
    std::unique_lock hold(mutex_);
    idle_.wait(hold, [this] { return queue_.empty() && missing_.empty() && !busy_; });
  }

  // Writes everything and ends the thread.
  void finish() noexcept {
    {
      const std::lock_guard hold(mutex_);
      stop_ = true;
      wake_.notify_one();
    }
    if (thread_.joinable())
      thread_.join();
  }

private:
  using clock = std::chrono::steady_clock;
  struct gap {
    Line first; // the first line that is missing
    std::uint64_t count = 0;
  };
  using gaps = std::map<std::string, gap>; // by folder
  using item = std::variant<Line, writing>;

  // Beyond, what is lost is still counted, but not said in its file.
  static constexpr std::size_t gaps_max = 4096;

  static void miss(gaps &in, Line &&line, std::uint64_t count) {
    std::string folder = line.folder();
    if (const auto at = in.find(folder); at != in.end())
      at->second.count += count;
    else if (in.size() < gaps_max)
      in.try_emplace(std::move(folder), gap{std::move(line), count});
  }

  void use(writing next) {
    files_.use(next.where->path(), next.how);
    now_ = std::move(next); // the old directory is free for others now
  }

  void run() {
    std::unique_lock hold(mutex_);
    for (;;) {
      const bool prune = now_ns_ != 0 && now_ns_ / day_ns != pruned_day_;
      if (!queue_.empty() || !missing_.empty() || prune)
        work(hold, prune);
      else if (now_.sync == syncing::second && files_.unsynced() && clock::now() >= sync_at_)
        unlocked(hold, [this] { sync(); });
      else if (stop_)
        break;
      else
        rest(hold);
    }
    unlocked(hold, [this] {
      admit();
      if (now_.sync != syncing::never)
        sync();
    });
  }

  void rest(std::unique_lock<std::mutex> &hold) {
    idle_.notify_all();
    if (now_.sync == syncing::second && files_.unsynced())
      wake_.wait_until(hold, sync_at_);
    else
      wake_.wait(hold);
  }

  // Takes all that is queued at once: so what found no room comes right behind all that did.
  void work(std::unique_lock<std::mutex> &hold, bool prune) {
    std::deque<item> batch = std::exchange(queue_, {});
    gaps gone = std::exchange(missing_, {});
    batch_lines_ = std::exchange(queued_lines_, 0);
    queued_bytes_ = 0;
    const std::int64_t now = now_ns_;
    if (prune)
      pruned_day_ = now / day_ns;
    unlocked(hold, [&] {
      if (prune)
        files_.prune_all(now);
      write(batch, gone);
    });
  }

  // Works without the lock, and brings the news back under it.
  template <class Work>
  void unlocked(std::unique_lock<std::mutex> &hold, Work &&does) {
    busy_ = true;
    hold.unlock();
    std::string error;
    try {
      does();
      error = files_.take_error();
    } catch (...) {
      folders_.clear(); // what of the batch is not written is counted below
      failed_ = true;
    }
    hold.lock();
    busy_ = false;
    written_ += wrote_;
    lost_ += batch_lines_ - wrote_;
    wrote_ = batch_lines_ = 0;
    if (std::exchange(failed_, false))
      error_ = "not enough memory to write";
    else if (!error.empty())
      error_ = std::move(error);
  }

  void write(std::deque<item> &batch, gaps &gone) {
    for (item &next : batch)
      if (auto *plan = std::get_if<writing>(&next)) {
        write_folders();
        use(std::move(*plan));
      } else {
        Line &line = std::get<Line>(next);
        std::string folder = line.folder();
        folders_[std::move(folder)].push_back(std::move(line));
      }
    write_folders();
    for (auto &[folder, is] : gone)
      miss(owed_, std::move(is.first), is.count);
    admit();
    if (now_.sync == syncing::always || (now_.sync == syncing::second && clock::now() >= sync_at_))
      sync();
  }

  void write_folders() {
    for (auto &[folder, lines] : std::exchange(folders_, {})) {
      std::vector<file_line> texts;
      texts.reserve(lines.size() + 1);
      const auto owed = owed_.find(folder);
      const std::size_t owing = owed == owed_.end() ? 0 : 1;
      if (owing)
        texts.push_back(said(owed->second));
      for (const Line &line : lines)
        texts.push_back({line.unix_ns, line.rendered(now_.style)});
      const std::size_t written = files_.append(folder, lines[0].heading(now_.style), texts);
      if (owing && written > 0)
        owed_.erase(owed);
      const std::size_t good = written - std::min(written, owing);
      wrote_ += good;
      if (good < lines.size())
        miss(owed_, std::move(lines[good]), lines.size() - good);
    }
  }

  // Says in the files what is missing, as far as they can be written to.
  void admit() {
    for (auto at = owed_.begin(); at != owed_.end();) {
      const file_line line = said(at->second);
      const std::string heading = at->second.first.heading(now_.style);
      at = files_.append(at->first, heading, {&line, 1}) > 0 ? owed_.erase(at) : std::next(at);
    }
  }

  file_line said(const gap &is) const {
    return {is.first.unix_ns, is.first.lost(now_.style, is.count)};
  }

  void sync() {
    files_.sync();
    sync_at_ = clock::now() + std::chrono::seconds(1);
  }

  // The thread's own.
  rotating_files files_;
  writing now_;
  std::map<std::string, std::vector<Line>> folders_;
  gaps owed_; // counted, and not yet said in the file
  std::size_t batch_lines_ = 0, wrote_ = 0;
  clock::time_point sync_at_{};
  bool failed_ = false;

  // Both sides'.
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<item> queue_;
  gaps missing_;
  std::size_t queued_lines_ = 0, queued_bytes_ = 0, bytes_max_;
  std::uint64_t written_ = 0, lost_ = 0;
  std::int64_t now_ns_ = 0, pruned_day_ = -1;
  std::string error_;
  bool stop_ = false, busy_ = false;
  std::thread thread_;
};

} // namespace confab::plugins
