// What this build is called: git describe, or the project's version.
#pragma once

namespace coord {
const char* version();
}
