#include <gtest/gtest.h>

#include "coord/etcd/options.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

TEST(ParseEndpoint, KnowsEveryForm) {
  struct Case {
    const char* text;
    const char* target;
    bool tls;
  };
  const Case cases[] = {{"127.0.0.1:2379", "127.0.0.1:2379", false},
                        {"http://etcd:2379", "etcd:2379", false},
                        {"http://etcd:2379/", "etcd:2379", false},
                        {"https://etcd.example.org:2379", "etcd.example.org:2379", true},
                        {"[::1]:2379", "[::1]:2379", false},
                        {"unix:///run/etcd.sock", "unix:/run/etcd.sock", false},
                        {"unix:/run/etcd.sock", "unix:/run/etcd.sock", false},
                        {"unixs:///run/etcd.sock", "unix:/run/etcd.sock", true}};
  for (const Case& c : cases) {
    const auto endpoint = parse_endpoint(c.text, {});
    ASSERT_TRUE(endpoint) << fake::why(endpoint);
    EXPECT_EQ(endpoint->text, c.text);
    EXPECT_EQ(endpoint->target, c.target);
    EXPECT_EQ(endpoint->tls, c.tls) << c.text;
  }
}

TEST(ParseEndpoint, RefusesWhatIsNoneAndQuotesIt) {
  for (const char* text :
       {"", "etcd", ":2379", "etcd:", "etcd:http", "etcd:99999", "etcd:2379/path", "ftp://etcd:1",
        "a b:2379", "unix://", "http://", "etcd:-1"}) {
    const auto endpoint = parse_endpoint(text, {});
    ASSERT_FALSE(endpoint) << text;
    EXPECT_EQ(endpoint.error().code, Code::usage) << text;
    EXPECT_NE(endpoint.error().message.find('\'' + std::string(text) + '\''), std::string::npos);
  }
}

TEST(ParseEndpoint, TlsOptionsMeanTlsUnlessTheEndpointSaysHttp) {
  TlsOptions tls;
  tls.ca_file = "ca.pem";
  EXPECT_TRUE(parse_endpoint("etcd:2379", tls)->tls);
  EXPECT_TRUE(parse_endpoint("https://etcd:2379", tls)->tls);
  const auto plain = parse_endpoint("http://etcd:2379", tls);
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Code::config);
}

TEST(OpenClient, RefusesBadOptionsBeforeItTouchesTheNetwork) {
  Options options;
  options.endpoints = {"nonsense"};
  EXPECT_EQ(Client::open(options).error().code, Code::usage);
  options.endpoints.clear();
  EXPECT_EQ(Client::open(options).error().code, Code::usage);
  options.endpoints = {"etcd:2379"};
  options.tls.ca_file = "/nonexistent/ca.pem";
  const auto client = Client::open(options);
  EXPECT_EQ(client.error().code, Code::config);
  EXPECT_NE(client.error().message.find("/nonexistent/ca.pem"), std::string::npos);
  options.tls = {.cert_file = "cert.pem"};
  EXPECT_EQ(Client::open(options).error().code, Code::config);
}

TEST(OpenClient, NamesItsEndpoints) {
  EXPECT_EQ(fake::client_of({"a:2379", "b:2379"})->endpoints(), "a:2379, b:2379");
}

}  // namespace
}  // namespace coord::etcd
