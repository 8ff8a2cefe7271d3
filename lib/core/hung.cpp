// SPDX-License-Identifier: MIT
//
// The table of what hangs on objects: see hung.hpp. Entries of one object share a bucket, so that
// its end costs one look.

#include "core/hung.hpp"

namespace confab::core {

hung_table::~hung_table() {
  for (hung *chain : buckets_)
    while (chain) {
      hung *following = chain->next;
      destroy(chain);
      chain = following;
    }
}

hung *hung_table::find(confab_id object, confab_id key) const noexcept {
  if (count_ == 0)
    return nullptr;
  hung *entry = buckets_[bucket_of(object)];
  while (entry && (entry->object != object || entry->key != key))
    entry = entry->next;
  return entry;
}

hung *hung_table::make(confab_id object, confab_id key) {
  constexpr std::size_t least = 64;
  if (count_ >= buckets_.size()) {
    std::pmr::vector<hung *> wider(buckets_.empty() ? least : buckets_.size() * 2, nullptr,
                                   buckets_.get_allocator());
    wider.swap(buckets_);
    for (hung *chain : wider)
      while (chain) {
        hung *following = chain->next;
        --count_;
        insert(chain);
        chain = following;
      }
  }
  hung *entry = mem_->create<hung>();
  entry->object = object;
  entry->key = key;
  return entry;
}

void hung_table::insert(hung *entry) noexcept {
  hung *&bucket = buckets_[bucket_of(entry->object)];
  entry->next = bucket;
  bucket = entry;
  ++count_;
}

// Moves what is wanted from a bucket to the front of the chain.
template <class Wanted>
hung *hung_table::take_from(hung *&bucket, hung *chain, Wanted &&wanted) noexcept {
  for (hung **link = &bucket; *link;) {
    hung *entry = *link;
    if (!wanted(*entry)) {
      link = &entry->next;
      continue;
    }
    *link = entry->next;
    entry->next = chain;
    chain = entry;
    --count_;
  }
  return chain;
}

hung *hung_table::take(confab_id object, confab_id key) noexcept {
  if (count_ == 0)
    return nullptr;
  return take_from(buckets_[bucket_of(object)], nullptr,
                   [&](const hung &entry) { return entry.object == object && entry.key == key; });
}

hung *hung_table::take_object(confab_id object) noexcept {
  if (count_ == 0)
    return nullptr;
  return take_from(buckets_[bucket_of(object)], nullptr,
                   [&](const hung &entry) { return entry.object == object; });
}

hung *hung_table::take_key(confab_id key) noexcept {
  hung *chain = nullptr;
  if (count_ == 0)
    return chain;
  for (hung *&bucket : buckets_)
    chain = take_from(bucket, chain, [&](const hung &entry) { return entry.key == key; });
  return chain;
}

void hung_table::destroy(hung *entry) noexcept {
  entry->text.clear(*mem_);
  mem_->destroy(entry);
}

} // namespace confab::core
