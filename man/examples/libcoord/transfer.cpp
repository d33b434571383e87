// transfer ENDPOINT FROM TO AMOUNT: moves an amount from one key to the other; nobody ever sees it in both, or in neither.
#include <coord/recipe/stm.hpp>

#include <iostream>

using namespace std::chrono_literals;

namespace {

coord::Result<std::int64_t> amount_in(coord::recipe::Stm& stm, const std::string& key) {
  COORD_TRY_INTO(const auto value, stm.get(key));
  if (!value) return coord::fail(coord::Code::not_found, "there is no " + key);
  return std::stoll(*value);
}

// Runs again from the start when somebody else has changed what it read.
coord::Result<> move(coord::recipe::Stm& stm, const std::string& from, const std::string& to,
                     std::int64_t amount) {
  COORD_TRY_INTO(const auto here, amount_in(stm, from));
  COORD_TRY_INTO(const auto there, amount_in(stm, to));
  if (here < amount) return coord::fail(coord::Code::compare_failed, from + " has too little");
  stm.put(from, std::to_string(here - amount));
  stm.put(to, std::to_string(there + amount));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: transfer ENDPOINT FROM TO AMOUNT\n";
    return 64;
  }
  const std::string from = argv[2];
  const std::string to = argv[3];
  const std::int64_t amount = std::stoll(argv[4]);
  const auto client = coord::etcd::Client::open({.endpoints = {argv[1]}});
  if (!client) return std::cerr << "transfer: " << client.error().message << '\n', 1;
  const auto done = coord::recipe::stm(
      **client, coord::Context::within(10s), {},
      [&](coord::recipe::Stm& stm) { return move(stm, from, to, amount); });
  if (!done) return std::cerr << "transfer: " << done.error().message << '\n', 1;
  std::cout << "done at revision " << done->header.revision << '\n';
}
