#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "coord/snapshot/bolt.hpp"
#include "coord/snapshot/incoming.hpp"

namespace coord::snapshot {
namespace {

TEST(ChecksumTest, TheKnownOnesComeOut) {
  Sha256 sha;
  sha.add("a");
  sha.add("bc");
  EXPECT_TRUE(sha.finish().starts_with("\xba\x78\x16\xbf\x8f\x01"));
  Crc32c crc;
  EXPECT_EQ(crc.value(), 0U);
  crc.add("12345");
  crc.add("6789");
  EXPECT_EQ(crc.value(), 0xe3069283U);
}

class IncomingTest : public testing::Test {
 protected:
  IncomingTest() { std::filesystem::create_directory(folder_); }
  ~IncomingTest() override { std::filesystem::remove_all(folder_); }

  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static std::string hash_of(std::string_view data) {
    Sha256 sha;
    sha.add(data);
    return sha.finish();
  }

  std::string folder_ =
      std::filesystem::temp_directory_path() / ("coord-incoming-" + std::to_string(::getpid()));
  std::string path_ = folder_ + "/s.db";
};

TEST_F(IncomingTest, IsThereOnceTheHashHasProvedIt) {
  auto file = Incoming::create(path_);
  ASSERT_TRUE(file) << file.error().message;
  const std::string hash = hash_of("snapshot");
  for (const std::string& piece : {std::string("snap"), "shot" + hash.substr(0, 5), hash.substr(5)})
    ASSERT_TRUE((*file)->add(piece));
  EXPECT_FALSE(std::filesystem::exists(path_));
  const auto done = (*file)->commit();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(content(), "snapshot" + hash);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(IncomingTest, IsNotThereWhenTheHashIsAnother) {
  for (const std::string& whole : {"snapshoT" + hash_of("snapshot"), std::string(), hash_of("")}) {
    auto file = Incoming::create(path_);
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE((*file)->add(whole));
    EXPECT_EQ((*file)->commit().error().code, Code::bad_data);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(IncomingTest, TwoAtOnceDoNotMix) {
  const auto first = Incoming::create(path_);
  ASSERT_TRUE(first);
  EXPECT_EQ(Incoming::create(path_).error().code, Code::busy);
  EXPECT_TRUE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(IncomingTest, WhatIsNoDatabaseIsToldSo) {
  std::ofstream(path_) << std::string(5000, 'x');
  EXPECT_EQ(Bolt::open(path_).error().code, Code::bad_data);
  EXPECT_EQ(Bolt::open(folder_ + "/none").error().code, Code::os);
}

}  // namespace
}  // namespace coord::snapshot
