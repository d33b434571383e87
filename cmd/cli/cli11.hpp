// CLI11's types by name. Its own headers are heavy, so only .cpp files include them.
#pragma once

namespace CLI {  // NOLINT(readability-identifier-naming): theirs
class App;
class Option;
}  // namespace CLI
