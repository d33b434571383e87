// lock ENDPOINT NAME KEY VALUE: puts VALUE into KEY while holding the lock NAME, and only while it is held.
#include <coord/etcd/kv.hpp>
#include <coord/etcd/session.hpp>
#include <coord/recipe/lock.hpp>

#include <iostream>

using namespace std::chrono_literals;

namespace {

// The put is guarded: should the lock be lost a moment before, the store refuses it.
coord::Result<bool> put_while_held(coord::etcd::Client& client, const coord::recipe::Held& held,
                                   const std::string& key, const std::string& value) {
  coord::etcd::Txn txn;
  txn.when(held.is_held()).then(coord::etcd::PutRequest{.key = key, .value = value});
  COORD_TRY_INTO(const auto reply, coord::etcd::Kv(client).txn(coord::Context::within(5s), txn));
  return reply.succeeded;
}

coord::Result<> run(const std::string& endpoint, const std::string& name, const std::string& key,
                    const std::string& value) {
  COORD_TRY_INTO(const auto client, coord::etcd::Client::open({.endpoints = {endpoint}}));
  COORD_TRY_INTO(const auto session,
                 coord::etcd::Session::open(*client, coord::Context::within(5s), 10s));
  coord::recipe::Lock lock(*client, *session, name, {.program = "lock", .note = "an example"});
  COORD_TRY_INTO(const auto held, lock.acquire(coord::Context::within(30s)));
  std::cout << "held at revision " << held.revision << std::endl;
  COORD_TRY_INTO(const bool done, put_while_held(*client, held, key, value));
  std::cout << (done ? "written" : "lost before it could be written") << std::endl;
  return session->close(coord::Context::within(5s));  // the lease and the key go in one round trip
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: lock ENDPOINT NAME KEY VALUE\n";
    return 64;
  }
  const auto done = run(argv[1], argv[2], argv[3], argv[4]);
  if (!done) std::cerr << "lock: " << done.error().message << '\n';
  return done ? 0 : 1;
}
