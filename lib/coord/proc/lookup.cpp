#include "coord/proc/lookup.hpp"

#include <netdb.h>

#include <cstring>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "coord/base/notifier.hpp"

namespace coord::proc {

const sockaddr* SocketAddress::get() const {
  return reinterpret_cast<const sockaddr*>(&bytes);  // the kernel's interface is this cast
}

std::vector<SocketAddress> look_up(const std::string& address, int flags) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return {};
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* first = nullptr;
  if (getaddrinfo(host.empty() ? nullptr : host.c_str(), address.c_str() + colon + 1, &hints,
                  &first) != 0)
    return {};
  std::vector<SocketAddress> found;
  for (const addrinfo* one = first; one != nullptr; one = one->ai_next) {
    if (one->ai_addrlen > sizeof(sockaddr_storage)) continue;
    SocketAddress& next = found.emplace_back();
    std::memcpy(&next.bytes, one->ai_addr, one->ai_addrlen);
    next.length = one->ai_addrlen;
  }
  freeaddrinfo(first);
  return found;
}

struct Lookups::Box {
  Notifier said;
  std::mutex mutex;
  std::set<std::string> asked;
  std::vector<Answer> answers;

  void answer(const std::string& address, std::vector<SocketAddress> found) {
    {
      const std::lock_guard lock(mutex);
      asked.erase(address);
      answers.push_back({address, std::move(found)});
    }
    said.post();
  }
};

Lookups::Lookups() : box_(std::make_shared<Box>()) {}
Lookups::~Lookups() = default;

std::optional<std::vector<SocketAddress>> Lookups::ask(const std::string& address) {
  if (auto found = look_up(address, AI_NUMERICHOST); !found.empty()) return found;
  {
    const std::lock_guard lock(box_->mutex);
    if (!box_->asked.insert(address).second) return std::nullopt;
  }
  try {
    std::thread([box = box_, address] { box->answer(address, look_up(address, 0)); }).detach();
  } catch (const std::system_error&) {  // no thread to be had: as if there were no such name
    box_->answer(address, {});
  }
  return std::nullopt;
}

int Lookups::fd() const { return box_->said.fd(); }

std::vector<Lookups::Answer> Lookups::take() {
  box_->said.clear();
  const std::lock_guard lock(box_->mutex);
  return std::exchange(box_->answers, {});
}

}  // namespace coord::proc
