// protobuf: the bytes of the server's own message, as etcdctl has them: no length before it, no
// newline behind it. A record says nothing here; commands hand their replies to message().
#include "cmd/out/format.hpp"

namespace coord::out {
namespace {

class ProtobufPrinter : public Printer {
 public:
  explicit ProtobufPrinter(Writer& writer) : writer_(&writer) {}

  void field(const Field& /*field*/) override {}
  void line(const Line& /*line*/) override {}
  void begin_list(std::string /*name*/) override {}
  void item(const Record& /*record*/) override {}
  void message(const std::function<std::string()>& bytes) override { writer_->write(bytes()); }

 private:
  Writer* writer_;
};

}  // namespace

std::unique_ptr<Printer> make_protobuf_printer(Writer& writer) {
  return std::make_unique<ProtobufPrinter>(writer);
}

}  // namespace coord::out
