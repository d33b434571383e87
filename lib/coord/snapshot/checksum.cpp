#include "coord/snapshot/checksum.hpp"

#include <openssl/evp.h>

#include <array>

namespace coord::snapshot {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  constexpr std::uint32_t kCastagnoli = 0x82f63b78;  // its bits reversed
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kCastagnoli : 0U);
    table.at(i) = crc;
  }
  return table;
}

constexpr auto kTable = make_table();

}  // namespace

struct Sha256::State {
  State() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view data) {
  EVP_DigestUpdate(state_->context, data.data(), data.size());
}

std::string Sha256::finish() {
  std::array<unsigned char, kSize> hash{};
  EVP_DigestFinal_ex(state_->context, hash.data(), nullptr);
  return {hash.begin(), hash.end()};
}

void Crc32c::add(std::string_view data) {
  for (const char c : data)
    state_ = (state_ >> 8U) ^ kTable.at((state_ ^ static_cast<unsigned char>(c)) & 0xffU);
}

}  // namespace coord::snapshot
