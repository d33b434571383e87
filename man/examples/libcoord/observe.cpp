// observe ENDPOINT ELECTION COUNT: prints the leaders of an election, until COUNT changes have been told.
#include <coord/recipe/observe.hpp>

#include <iostream>

using coord::recipe::Observation;
using coord::recipe::Observer;

namespace {

void tell(const Observation& seen) {
  switch (seen.kind) {
    case Observation::Kind::leader:
      std::cout << (seen.leader ? seen.leader->value : "nobody") << std::endl;
      break;
    case Observation::Kind::interrupted:
      std::cerr << "observe: " << seen.error.message << std::endl;
      break;
    case Observation::Kind::resumed:
      std::cerr << "observe: goes on" << std::endl;
      break;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: observe ENDPOINT ELECTION COUNT\n";
    return 64;
  }
  const auto client = coord::etcd::Client::open({.endpoints = {argv[1]}});
  if (!client) return std::cerr << "observe: " << client.error().message << '\n', 1;
  Observer observer(**client, argv[2]);
  for (int left = std::stoi(argv[3]); left > 0;) {
    const auto seen = observer.next({});
    if (!seen) return std::cerr << "observe: " << seen.error().message << '\n', 1;
    tell(*seen);
    if (seen->kind == Observation::Kind::leader) --left;
  }
}
